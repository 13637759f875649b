namespace Aegis.Vault.Credentials;

/// <summary>Splits <c>provider_config</c> into an open and a sealed part for storing, and joins them for use.</summary>
internal sealed class ProviderConfigs(ProviderCatalogue providers, CredentialSeal seal)
{
    public const string Member = "provider_config";

    /// <summary>Checks the configuration that a caller sent; <c>null</c> removes everything.</summary>
    /// <param name="organizationId">The organization that owns the credential.</param>
    /// <param name="provider">Its provider.</param>
    /// <param name="sent">The new configuration.</param>
    /// <param name="present">The stored configuration, or null for a new credential.</param>
    /// <param name="moves">True when the credential's id at the provider changes as well.</param>
    public StoredConfig Take(string organizationId, string provider, JsonObject? sent, StoredConfig? present = null, bool moves = false) =>
        sent is null || (present is null && sent.Count == 0)
            ? new StoredConfig([], []) // valid: rotating and testing say what is missing
            : Intake(organizationId, provider).Replace(present, sent, moves);

    /// <summary>Why a credential with this configuration and plan cannot be rotated, or null.</summary>
    /// <param name="provider">Its provider.</param>
    /// <param name="open">The open members of its configuration, as stored.</param>
    /// <param name="cron">Its <c>rotation_cron</c>, or null.</param>
    /// <param name="cannotRotate">False when it can rotate or should not; then the result is null.</param>
    public string? WhyNotRotate(string provider, string open, string? cron, bool cannotRotate) => !cannotRotate
        ? null
        : providers.Of(provider).WhyNotRotate(JsonNode.Parse(open)!.AsObject())
            ?? (RotationCron.IsUnreadable(cron) ? RotationCron.UnreadableSentence(cron!) : null);

    /// <summary>
    /// Refuses to move a credential with sealed members that the caller has not sent again: they would be sent to the new target.
    /// </summary>
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
        new(providers.Of(provider).Config, Member,
            (config, errors) => providers.Of(provider).CheckAddresses(config, organizationId, errors));
}
