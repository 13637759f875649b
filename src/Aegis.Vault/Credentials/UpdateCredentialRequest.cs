using Aegis.Kernel.Web.Input;
using Aegis.Kernel.Json;

namespace Aegis.Vault.Credentials;

/// <summary>Changes the members that are sent. Name and provider cannot be changed; a value is set at <c>…/value</c>.</summary>
/// <param name="CredentialType">What it is.</param>
/// <param name="Description">A text for people.</param>
/// <param name="ProviderCredentialId">Its id at the provider.</param>
/// <param name="ProviderConfig">Replaces the whole configuration. Secret members that are not sent stay if nothing else changes. Null
/// removes everything.</param>
/// <param name="ExpiresAt">When it expires.</param>
/// <param name="RotationEnabled">Rotate it automatically.</param>
/// <param name="RotationIntervalHours">1 to 87600.</param>
/// <param name="RotationStrategy"><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</param>
/// <param name="RotationCron">A cron expression in UTC instead of the interval; null restores the interval.</param>
/// <param name="RotationOverlapMinutes">0 to 43200.</param>
/// <param name="AlertThresholdHours">0 to 8760.</param>
/// <param name="Tags">Replaces the list.</param>
/// <param name="Metadata">Replaces the object.</param>
[SetElsewhere("value", "Set a value with PUT /v1/credentials/{name}/value, which needs secret:write.")]
internal sealed record UpdateCredentialRequest(
    Optional<string> CredentialType = default,
    Optional<string> Description = default,
    Optional<string> ProviderCredentialId = default,
    Optional<JsonObject> ProviderConfig = default,
    Optional<DateTimeOffset?> ExpiresAt = default,
    Optional<bool?> RotationEnabled = default,
    Optional<int?> RotationIntervalHours = default,
    Optional<string> RotationStrategy = default,
    Optional<string> RotationCron = default,
    Optional<int?> RotationOverlapMinutes = default,
    Optional<int?> AlertThresholdHours = default,
    Optional<IReadOnlyList<string>> Tags = default,
    Optional<JsonObject> Metadata = default)
{
    /// <summary>The facts after the change, without <c>provider_config</c>.</summary>
    public CredentialFacts ApplyTo(CredentialFacts present)
    {
        var plan = present.Rotation;
        return present with
        {
            CredentialType = CredentialType.Or(present.CredentialType)!,
            Description = Description.Or(present.Description),
            ProviderCredentialId = ProviderCredentialId.Or(present.ProviderCredentialId),
            ExpiresAt = ExpiresAt.Or(present.ExpiresAt),
            AlertThresholdHours = AlertThresholdHours.Value ?? present.AlertThresholdHours,
            Tags = Tags.IsSent ? Tags.Value ?? [] : present.Tags,
            Metadata = Metadata.IsSent ? Metadata.Value?.ToJsonString() ?? "{}" : present.Metadata,
            Rotation = new RotationPlan(
                RotationEnabled.Value ?? plan.Enabled,
                RotationStrategy.Value is { } word ? WireWords.Find<RotationStrategy>(word)!.Value : Strategy(plan),
                RotationIntervalHours.Value ?? plan.IntervalHours,
                RotationCron.Or(plan.Cron),
                RotationOverlapMinutes.Value ?? plan.OverlapMinutes),
        };
    }

    /// <summary>Turning rotation on without naming a strategy means the interval.</summary>
    private RotationStrategy Strategy(RotationPlan plan) =>
        RotationEnabled.Value is true && !plan.Enabled && plan.Strategy is Rotation.RotationStrategy.Manual
            ? Rotation.RotationStrategy.Scheduled
            : plan.Strategy;
}

internal sealed class UpdateCredentialValidator : AbstractValidator<UpdateCredentialRequest>
{
    public UpdateCredentialValidator(TimeProvider clock)
    {
        Check("credential_type", x => x.CredentialType, t => t is not null && CredentialRules.IsType(t),
            $"credential_type must be {CredentialRules.TypeRule}.");
        Check("description", x => x.Description, CredentialRules.IsText, CredentialRules.TextSentence("description"));
        Check("provider_credential_id", x => x.ProviderCredentialId, CredentialRules.IsProviderId, CredentialRules.ProviderIdSentence);
        Check("rotation_enabled", x => x.RotationEnabled, e => e is not null, "rotation_enabled must be true or false.");
        Check("rotation_interval_hours", x => x.RotationIntervalHours, h => h is >= 1 and <= CredentialRules.MaxInterval,
            CredentialRules.IntervalSentence);
        Check("rotation_strategy", x => x.RotationStrategy, s => s is not null && WireWords.Find<RotationStrategy>(s) is not null,
            CredentialRules.StrategySentence);
        Check("rotation_cron", x => x.RotationCron, c => c is null || CredentialRules.IsCron(c, clock.GetUtcNow()),
            CredentialRules.CronSentence);
        Check("rotation_overlap_minutes", x => x.RotationOverlapMinutes, m => m is >= 0 and <= CredentialRules.MaxOverlap,
            CredentialRules.OverlapSentence);
        Check("alert_threshold_hours", x => x.AlertThresholdHours, h => h is >= 0 and <= CredentialRules.MaxThreshold,
            CredentialRules.ThresholdSentence);
        Check("tags", x => x.Tags, CredentialRules.AreTags, CredentialRules.TagsSentence);
        Check("metadata", x => x.Metadata, CredentialRules.IsMetadata, CredentialRules.MetadataSentence);
    }

    private void Check<T>(string name, Func<UpdateCredentialRequest, Optional<T>> member, Func<T?, bool> holds, string sentence) =>
        RuleFor(x => x).Must(x => !member(x).IsSent || holds(member(x).Value)).OverridePropertyName(name).WithMessage(sentence);
}
