namespace Aegis.Sdk.Vault;

/// <summary>Changes to a credential. Members that are not set stay; members set to null are removed.</summary>
public sealed class CredentialChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>The type.</summary>
    public string? CredentialType { get => Text("credential_type"); set => Sent["credential_type"] = value; }

    /// <summary>A description for people.</summary>
    public string? Description { get => Text("description"); set => Sent["description"] = value; }

    /// <summary>Its id at the provider.</summary>
    public string? ProviderCredentialId { get => Text("provider_credential_id"); set => Sent["provider_credential_id"] = value; }

    /// <summary>The provider's configuration.</summary>
    public JsonObject? ProviderConfig { get => Sent["provider_config"] as JsonObject; set => Sent["provider_config"] = value; }

    /// <summary>When it expires.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => Text("expires_at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;
        set => Sent["expires_at"] = value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it rotates automatically.</summary>
    public bool? RotationEnabled { get => (bool?)Sent["rotation_enabled"]; set => Sent["rotation_enabled"] = value; }

    /// <summary>Hours between rotations.</summary>
    public int? RotationIntervalHours { get => (int?)Sent["rotation_interval_hours"]; set => Sent["rotation_interval_hours"] = value; }

    /// <summary><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</summary>
    public string? RotationStrategy { get => Text("rotation_strategy"); set => Sent["rotation_strategy"] = value; }

    /// <summary>When it rotates, as a cron expression.</summary>
    public string? RotationCron { get => Text("rotation_cron"); set => Sent["rotation_cron"] = value; }

    /// <summary>How long the old value still works after a rotation.</summary>
    public int? RotationOverlapMinutes { get => (int?)Sent["rotation_overlap_minutes"]; set => Sent["rotation_overlap_minutes"] = value; }

    /// <summary>How many hours before its expiry an alert is raised.</summary>
    public int? AlertThresholdHours { get => (int?)Sent["alert_threshold_hours"]; set => Sent["alert_threshold_hours"] = value; }

    /// <summary>Tags for filtering; they replace the existing ones.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => (Sent["tags"] as JsonArray)?.Select(t => (string?)t ?? "").ToList();
        set => Sent["tags"] = value is null ? null : new JsonArray([.. value.Select(t => (JsonNode?)t)]);
    }

    /// <summary>Your own data about the credential; it replaces the existing data. No secrets.</summary>
    public JsonObject? Metadata { get => Sent["metadata"] as JsonObject; set => Sent["metadata"] = value; }

    private string? Text(string member) => (string?)Sent[member];
}
