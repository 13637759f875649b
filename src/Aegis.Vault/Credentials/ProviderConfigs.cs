using System.Text.Json.Nodes;
using Aegis.Kernel.Refusals;
using Aegis.Kernel.Validation;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Configuration;
using Aegis.Vault.Values;

namespace Aegis.Vault.Credentials;

/// <summary>A checked configuration in the two parts in which it is stored.</summary>
internal sealed record StoredConfig(JsonObject Open, JsonObject Secret);

/// <summary>Takes <c>provider_config</c> apart for storing and puts it together for use.</summary>
internal sealed class ProviderConfigs(ProviderCatalogue providers, CredentialSeal seal)
{
    public const string Member = "provider_config";
    private static readonly string[] SendAgain = ["Other members change, so send this secret again: they decide where it goes."];
    private const int Largest = 12_000; // characters of each part: what fits into its column, sealed or not

    /// <summary>
    /// Checks what a caller sent. Secret members that were left out stay as they are as long as nothing else changes: otherwise they
    /// would go wherever the new members say.
    /// </summary>
    public StoredConfig Take(string organizationId, string provider, JsonObject? sent, StoredConfig? present = null)
    {
        var shape = providers.Of(provider).Config;
        var whole = ConfigShape.Join(sent ?? [], sent is null ? [] : present?.Secret ?? []);
        shape.Require(whole, Member);
        RequireAddresses(providers.Of(provider), organizationId, whole);
        var (open, secret) = shape.Split(whole);
        if (open.ToJsonString().Length > Largest || secret.ToJsonString().Length > Largest)
            throw Invalid.Field(Member, $"{Member} must have at most {Largest} characters.");
        if (sent is not null && present is not null && !JsonNode.DeepEquals(open, present.Open)) RequireSecrets(shape.Split(sent).Secret, present.Secret);
        return new StoredConfig(open, secret);
    }

    private static void RequireSecrets(JsonObject sent, JsonObject present)
    {
        var missing = ConfigShape.Paths(present).Except(ConfigShape.Paths(sent), StringComparer.Ordinal).ToList();
        if (missing.Count == 0) return;
        throw Invalid.Fields(missing.ToDictionary(m => $"{Member}.{m}", _ => SendAgain));
    }

    /// <summary>Refuses addresses that could never be called; the others are checked when they are.</summary>
    private static void RequireAddresses(Provider provider, string organizationId, JsonObject config)
    {
        var errors = new ConfigErrors(Member);
        provider.CheckAddresses(config, organizationId, errors);
        if (errors.Found.Count > 0) throw Invalid.Fields(errors.Found);
    }

    public JsonObject Secret(Credential credential) => seal.OpenConfig(credential.Id, credential.SealedConfig);

    /// <summary>The whole configuration of a credential.</summary>
    public JsonObject Whole(Credential credential) => ConfigShape.Join(Open(credential), Secret(credential));

    public static JsonObject Open(Credential credential) => JsonNode.Parse(credential.Config)!.AsObject();
}
