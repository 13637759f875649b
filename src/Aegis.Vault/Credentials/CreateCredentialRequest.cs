using Aegis.Kernel.Json;

namespace Aegis.Vault.Credentials;

/// <summary>Registers a credential.</summary>
/// <param name="Name">Unique in the organization, retired credentials included; case-sensitive.</param>
/// <param name="CredentialType">What it is: <c>api_key</c>, <c>oauth</c>, <c>database</c>….</param>
/// <param name="Provider">The provider that makes, accepts or checks its values: see <c>GET /v1/vault/providers</c>.</param>
/// <param name="Description">A text for people.</param>
/// <param name="Value">The value, up to 64 KiB of UTF-8; sealed at rest. Without it, the first rotation makes one.</param>
/// <param name="ProviderCredentialId">Its id at the provider, such as an n8n credential id.</param>
/// <param name="ProviderConfig">How the provider reaches and changes it; its JSON schema is at <c>GET /v1/vault/providers</c>. Secret
/// members are sealed and never shown.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="RotationEnabled">Rotate it automatically.</param>
/// <param name="RotationIntervalHours">1 to 87600.</param>
/// <param name="RotationStrategy"><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>; <c>scheduled</c> when rotation is enabled, else
/// <c>manual</c>.</param>
/// <param name="RotationCron">A cron expression in UTC (five fields, or six or seven as Quartz reads them) instead of the interval.</param>
/// <param name="RotationOverlapMinutes">How long the old value still works after a rotation, if the provider can keep both: 0 to
/// 43200.</param>
/// <param name="AlertThresholdHours">It counts as expiring this long before it expires: 0 to 8760.</param>
/// <param name="Tags">At most 50.</param>
/// <param name="Metadata">Any object, at most 8 KiB.</param>
internal sealed record CreateCredentialRequest(
    string Name,
    string CredentialType,
    string Provider,
    string? Description = null,
    string? Value = null,
    string? ProviderCredentialId = null,
    JsonObject? ProviderConfig = null,
    DateTimeOffset? ExpiresAt = null,
    bool? RotationEnabled = null,
    int? RotationIntervalHours = null,
    string? RotationStrategy = null,
    string? RotationCron = null,
    int? RotationOverlapMinutes = null,
    int? AlertThresholdHours = null,
    IReadOnlyList<string>? Tags = null,
    JsonObject? Metadata = null)
{
    private const int DefaultIntervalHours = 720;
    private const int DefaultOverlapMinutes = 60;
    private const int DefaultThresholdHours = 168;

    /// <param name="openConfig">The part of <see cref="ProviderConfig"/> that is not secret.</param>
    /// <param name="hasSecrets">True when the other part is not empty.</param>
    public CredentialFacts ToFacts(JsonObject openConfig, bool hasSecrets)
    {
        var enabled = RotationEnabled ?? false;
        var strategy = RotationStrategy is null
            ? enabled ? Rotation.RotationStrategy.Scheduled : Rotation.RotationStrategy.Manual
            : WireWords.Find<RotationStrategy>(RotationStrategy)!.Value;
        return new CredentialFacts(
            CredentialType, Provider, Description, ProviderCredentialId, Tags ?? [], Metadata?.ToJsonString() ?? "{}",
            openConfig.ToJsonString(), hasSecrets,
            ExpiresAt, AlertThresholdHours ?? DefaultThresholdHours,
            new RotationPlan(enabled, strategy, RotationIntervalHours ?? DefaultIntervalHours, RotationCron,
                RotationOverlapMinutes ?? DefaultOverlapMinutes));
    }

    public override string ToString() => "***";
}

internal sealed class CreateCredentialValidator : AbstractValidator<CreateCredentialRequest>
{
    public CreateCredentialValidator(ProviderCatalogue providers, TimeProvider clock)
    {
        RuleFor(x => x.Name).Must(CredentialNames.IsNewName).WithMessage($"name must be {CredentialNames.Rule}.");
        RuleFor(x => x.CredentialType).Must(CredentialRules.IsType).WithMessage($"credential_type must be {CredentialRules.TypeRule}.");
        RuleFor(x => x.Provider).Must(p => providers.Find(p) is not null)
            .WithMessage($"provider must be one of {string.Join(", ", providers.Names)}.");
        RuleFor(x => x.Value).Must(v => v is null || CredentialRules.IsValue(v)).WithMessage(CredentialRules.ValueSentence);
        RuleFor(x => x.Description).Must(CredentialRules.IsText).WithMessage(CredentialRules.TextSentence("description"));
        RuleFor(x => x.ProviderCredentialId).Must(CredentialRules.IsProviderId).WithMessage(CredentialRules.ProviderIdSentence);
        RuleFor(x => x.RotationIntervalHours).InclusiveBetween(1, CredentialRules.MaxInterval)
            .WithMessage(CredentialRules.IntervalSentence);
        RuleFor(x => x.RotationStrategy).Must(s => s is null || WireWords.Find<RotationStrategy>(s) is not null)
            .WithMessage(CredentialRules.StrategySentence);
        RuleFor(x => x.RotationCron).Must(c => c is null || CredentialRules.IsCron(c, clock.GetUtcNow()))
            .WithMessage(CredentialRules.CronSentence);
        RuleFor(x => x.RotationOverlapMinutes).InclusiveBetween(0, CredentialRules.MaxOverlap).WithMessage(CredentialRules.OverlapSentence);
        RuleFor(x => x.AlertThresholdHours).InclusiveBetween(0, CredentialRules.MaxThreshold)
            .WithMessage(CredentialRules.ThresholdSentence);
        RuleFor(x => x.Tags).Must(CredentialRules.AreTags).WithMessage(CredentialRules.TagsSentence);
        RuleFor(x => x.Metadata).Must(CredentialRules.IsMetadata).WithMessage(CredentialRules.MetadataSentence);
    }
}
