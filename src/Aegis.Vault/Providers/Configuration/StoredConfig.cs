namespace Aegis.Vault.Providers.Configuration;

/// <summary>A checked configuration in its two stored parts. <c>ToString</c> gives three stars.</summary>
internal sealed record StoredConfig(JsonObject Open, JsonObject Secret)
{
    /// <summary>Both parts joined, as a provider uses them.</summary>
    public JsonObject Whole => ConfigShape.Join(Open, Secret);

    public override string ToString() => "***";
}
