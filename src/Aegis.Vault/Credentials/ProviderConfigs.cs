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

    /// <summary>Why a credential with this configuration and plan is never due, or null.</summary>
    /// <param name="provider">Its provider.</param>
    /// <param name="open">The open members of its configuration, as stored.</param>
    /// <param name="cron">Its <c>rotation_cron</c>, or null.</param>
    /// <param name="cannotRotate">False when it can rotate, or is not to: then the answer is null.</param>
    public string? WhyNotRotate(string provider, string open, string? cron, bool cannotRotate) => !cannotRotate
        ? null
        : providers.Of(provider).WhyNotRotate(JsonNode.Parse(open)!.AsObject())
            ?? (RotationCron.IsUnreadable(cron) ? RotationCron.UnreadableSentence(cron!) : null);

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
        new(providers.Of(provider).Config, Member,
            (config, errors) => providers.Of(provider).CheckAddresses(config, organizationId, errors));
}
