namespace Aegis.Audit.CredentialLog;

/// <summary>Maps the actions of audit entries to the names that the vault's clients use.</summary>
internal static class VaultActions
{
    private static readonly (string Entry, string Name)[] Names =
    [
        ("credential.created", "created"),
        ("credential.updated", "updated"),
        ("GET /v1/credentials/{name}/value", "value_read"),
        ("credential.value_set", "value_set"),
        ("credential.applied", "applied"),
        ("credential.rotated", "rotated"),
        ("credential.rotation_failed", "rotated"),
        ("credential.rolled_back", "rolled_back"),
        ("credential.tested", "tested"),
        ("credential.synced", "synced"),
        ("credential.retired", "retired"),
        ("credential.restored", "restored"),
    ];

    /// <summary>The distinct names.</summary>
    public static readonly IReadOnlyList<string> All = Names.Select(n => n.Name).Distinct().ToList();

    /// <summary>The audit actions of one name, or of all.</summary>
    public static IReadOnlyList<string> EntriesOf(string? name) =>
        Names.Where(n => name is null || n.Name == name).Select(n => n.Entry).ToList();

    public static string NameOf(AuditFact fact) => Names.First(n => n.Entry == fact.Action).Name;

    /// <summary>Whether the action succeeded. A failed rotation and a test of an unhealthy credential did not.</summary>
    public static bool IsSuccess(AuditFact fact) => fact.Action switch
    {
        "credential.rotation_failed" => false,
        "credential.tested" => fact.Details?.TryGetValue("healthy", out var healthy) is true && healthy.ValueKind is JsonValueKind.True,
        _ => fact.Outcome == AuditFact.Success,
    };
}
