using System.Text.Json.Nodes;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Configuration;
using Aegis.Vault.Values;

namespace Aegis.Vault.Credentials;

/// <summary>Takes <c>provider_config</c> apart for storing and puts it together for use.</summary>
internal sealed class ProviderConfigs(ProviderCatalogue providers, CredentialSeal seal)
{
    public const string Member = "provider_config";

    /// <summary>Checks what a caller sent; <c>null</c> removes everything.</summary>
    /// <param name="organizationId">Whose credential it is.</param>
    /// <param name="provider">Its provider.</param>
    /// <param name="sent">The new configuration.</param>
    /// <param name="present">What is stored, or null for a new credential.</param>
    /// <param name="moves">True when the credential's place changes with it.</param>
    public StoredConfig Take(string organizationId, string provider, JsonObject? sent, StoredConfig? present = null, bool moves = false) =>
        sent is null || (present is null && sent.Count == 0)
            ? new StoredConfig([], []) // no configuration at all: what is missing for rotating and testing is said there
            : Intake(organizationId, provider).Replace(present, sent, moves);

    /// <summary>Why credentials of this provider with this configuration cannot be rotated, or null.</summary>
    public string? WhyNotRotate(string provider, JsonObject open) => providers.Of(provider).WhyNotRotate(open);

    /// <summary>Why a credential that is to rotate by itself cannot, as it is stored; null when it can or is not to.</summary>
    public string? WhyNotRotate(string provider, string open, bool cannotRotate) =>
        cannotRotate ? WhyNotRotate(provider, JsonNode.Parse(open)!.AsObject()) : null;

    /// <summary>Refuses to move a credential whose sealed members stay behind unseen: they would go to the new place.</summary>
    public void RequireNothingSealed(Credential credential) =>
        Intake(credential.OrganizationId, credential.Provider).RequireSentAgain(Secret(credential), []);

    public StoredConfig Stored(Credential credential) => new(Open(credential), Secret(credential));

    /// <summary>The whole configuration of a credential.</summary>
    public JsonObject Whole(Credential credential) => Stored(credential).Whole;

    /// <summary>The wire paths of the sealed members that are set, sorted.</summary>
    public IReadOnlyList<string> SecretMembers(Credential credential) =>
        providers.Of(credential.Provider).Config.SecretPaths(Secret(credential)).Order(StringComparer.Ordinal).ToList();

    public static JsonObject Open(Credential credential) => JsonNode.Parse(credential.Config)!.AsObject();

    private JsonObject Secret(Credential credential) => seal.OpenConfig(credential.Id, credential.SealedConfig);

    private ConfigIntake Intake(string organizationId, string provider) =>
        new(providers.Of(provider).Config, Member, (config, errors) => providers.Of(provider).CheckAddresses(config, organizationId, errors));
}
