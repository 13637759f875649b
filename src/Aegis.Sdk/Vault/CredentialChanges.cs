namespace Aegis.Sdk.Vault;

/// <summary>What is to be changed of a credential. What is not set stays; what is set to null is removed.</summary>
public sealed class CredentialChanges
{
    internal JsonObject Sent { get; } = [];

    /// <summary>What it is.</summary>
    public string? CredentialType { get => Text("credential_type"); set => Sent["credential_type"] = value; }

    /// <summary>For people.</summary>
    public string? Description { get => Text("description"); set => Sent["description"] = value; }

    /// <summary>Its id at the provider.</summary>
    public string? ProviderCredentialId { get => Text("provider_credential_id"); set => Sent["provider_credential_id"] = value; }

    /// <summary>What the provider needs to know.</summary>
    public JsonObject? ProviderConfig { get => Sent["provider_config"] as JsonObject; set => Sent["provider_config"] = value; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset? ExpiresAt
    {
        get => Text("expires_at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;
        set => Sent["expires_at"] = value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture);
    }

    /// <summary>Whether it rotates by itself.</summary>
    public bool? RotationEnabled { get => (bool?)Sent["rotation_enabled"]; set => Sent["rotation_enabled"] = value; }

    /// <summary>How often.</summary>
    public int? RotationIntervalHours { get => (int?)Sent["rotation_interval_hours"]; set => Sent["rotation_interval_hours"] = value; }

    /// <summary><c>manual</c>, <c>scheduled</c> or <c>on_expiry</c>.</summary>
    public string? RotationStrategy { get => Text("rotation_strategy"); set => Sent["rotation_strategy"] = value; }

    /// <summary>When, as a cron expression.</summary>
    public string? RotationCron { get => Text("rotation_cron"); set => Sent["rotation_cron"] = value; }

    /// <summary>How long the old value works on after a rotation.</summary>
    public int? RotationOverlapMinutes { get => (int?)Sent["rotation_overlap_minutes"]; set => Sent["rotation_overlap_minutes"] = value; }

    /// <summary>How long before its end there is an alert.</summary>
    public int? AlertThresholdHours { get => (int?)Sent["alert_threshold_hours"]; set => Sent["alert_threshold_hours"] = value; }

    /// <summary>Words to find it by; they replace those there are.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => (Sent["tags"] as JsonArray)?.Select(t => (string?)t ?? "").ToList();
        set => Sent["tags"] = value is null ? null : new JsonArray([.. value.Select(t => (JsonNode?)t)]);
    }

    /// <summary>Whatever you want to keep with it; it replaces what there is. No secrets.</summary>
    public JsonObject? Metadata { get => Sent["metadata"] as JsonObject; set => Sent["metadata"] = value; }

    private string? Text(string member) => (string?)Sent[member];
}
