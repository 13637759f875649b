namespace Aegis.Audit.VaultLog;

/// <summary>What the vault's clients call the things that happen to credentials, and the entries of the trail that tell of them.</summary>
internal static class VaultActions
{
    private static readonly (string Entry, string Word)[] Words =
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

    /// <summary>The words, each once.</summary>
    public static readonly IReadOnlyList<string> All = Words.Select(w => w.Word).Distinct().ToList();

    /// <summary>The entries of one word, or of all.</summary>
    public static IReadOnlyList<string> EntriesOf(string? word) =>
        Words.Where(w => word is null || w.Word == word).Select(w => w.Entry).ToList();

    public static string WordOf(AuditFact fact) => Words.First(w => w.Entry == fact.Action).Word;

    /// <summary>Whether it went well: a rotation that failed and a test that said no did not.</summary>
    public static bool WentWell(AuditFact fact) => fact.Action switch
    {
        "credential.rotation_failed" => false,
        "credential.tested" => fact.Details?.TryGetValue("healthy", out var healthy) is true && healthy.ValueKind is JsonValueKind.True,
        _ => fact.Outcome == AuditFact.Success,
    };
}
