namespace Aegis.Vault.Providers.Configuration;

/// <summary>A checked configuration in the two parts in which it is stored. Prints as three stars.</summary>
internal sealed record StoredConfig(JsonObject Open, JsonObject Secret)
{
    /// <summary>Both parts together, as a provider uses them.</summary>
    public JsonObject Whole => ConfigShape.Join(Open, Secret);

    public override string ToString() => "***";
}
