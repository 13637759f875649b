namespace Aegis.Vault.Credentials;

/// <summary>When and how a credential is rotated automatically.</summary>
/// <param name="Enabled">False: only on request.</param>
/// <param name="Strategy">What makes it due.</param>
/// <param name="IntervalHours">Hours from one rotation to the next; also the assumed life of a value that does not expire.</param>
/// <param name="Cron">A cron expression in UTC that replaces the interval, or null.</param>
/// <param name="OverlapMinutes">How long the old value still works, if the provider can keep two.</param>
internal sealed record RotationPlan(bool Enabled, RotationStrategy Strategy, int IntervalHours, string? Cron, int OverlapMinutes);

/// <summary>Everything about a credential that its owner sets, as it is stored.</summary>
internal sealed record CredentialFacts(
    string CredentialType,
    string Provider,
    string? Description,
    string? ProviderCredentialId,
    IReadOnlyList<string> Tags,
    string Metadata,
    string Config,
    bool HasSealedConfig,
    DateTimeOffset? ExpiresAt,
    int AlertThresholdHours,
    RotationPlan Rotation)
{
    /// <summary>True when the provider cannot make values with this configuration.</summary>
    public bool CannotRotate { get; init; }

    /// <summary>The wire names of the members that differ from <paramref name="before"/>.</summary>
    public IReadOnlyList<string> ChangesOf(CredentialFacts before)
    {
        var changed = new List<string>();
        Note("description", Description == before.Description);
        Note("credential_type", CredentialType == before.CredentialType);
        Note("provider_credential_id", ProviderCredentialId == before.ProviderCredentialId);
        Note("expires_at", ExpiresAt == before.ExpiresAt);
        Note("rotation_enabled", Rotation.Enabled == before.Rotation.Enabled);
        Note("rotation_interval_hours", Rotation.IntervalHours == before.Rotation.IntervalHours);
        Note("rotation_cron", Rotation.Cron == before.Rotation.Cron);
        Note("rotation_strategy", Rotation.Strategy == before.Rotation.Strategy);
        Note("rotation_overlap_minutes", Rotation.OverlapMinutes == before.Rotation.OverlapMinutes);
        Note("alert_threshold_hours", AlertThresholdHours == before.AlertThresholdHours);
        Note("tags", Tags.SequenceEqual(before.Tags, StringComparer.Ordinal));
        Note("metadata", Metadata == before.Metadata);
        Note("provider_config", Config == before.Config && !HasSealedConfig);
        return changed;

        void Note(string name, bool same)
        {
            if (!same) changed.Add(name);
        }
    }
}
