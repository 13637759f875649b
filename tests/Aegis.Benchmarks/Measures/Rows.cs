namespace Aegis.Benchmarks.Measures;

/// <summary>
/// Fills the database of one real exchange with SQL: older copies of its rows, half of them of the same two organizations. The rows that
/// filters look for are equally many at any size and evenly spread, so that equal pages are compared.
/// </summary>
internal static class Rows
{
    public const string RareObject = "trf_0000000000000000000000rare";
    public const string RareKey = "key_0000000000000000000000rare";
    public const string RareAction = "benchmark.rare";

    private const int Rare = 30; // fills most of a page
    private const string StrangeParty = "org_stranger";

    private static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromDays(200);

    /// <summary>Id of a row. Rows whose number is divisible by four belong to both organizations.</summary>
    public static string Id(string prefix, int number) => $"{prefix}_{number / 4 * 4:D26}";

    public static DateTimeOffset Time(double part) => First + Period * part;

    public static void Insert(string file, int count) => Bulk.Fill(file, connection =>
    {
        Exchanges(connection, count);
        Log(connection, count);
    });

    private static void Exchanges(SqliteConnection connection, int count)
    {
        Bulk.Copy(connection, "studies_requests", count, new()
        {
            ["Id"] = "printf('req_%026d', n)",
            ["ConsumerId"] = $"CASE WHEN n % 4 < 3 THEN ConsumerId ELSE '{StrangeParty}' END",
            ["ProviderId"] = $"CASE WHEN n % 4 < 2 THEN ProviderId ELSE '{StrangeParty}' END",
            ["Status"] = Spread(count, "Pending", "Accepted", "Fulfilling", "Declined", "Cancelled", "Expired") + " ELSE 'Fulfilled' END",
            ["SealedDetails"] = "NULL", // as after shredding: the sealed bytes fit only the original id
            ["CreatedAt"] = At(count),
            ["AcceptedAt"] = $"CASE WHEN {Hits(count, 1)} THEN {At(count)} END",
            ["LeaseUntil"] = $"CASE WHEN {Hits(count, 2)} THEN ExpiresAt END",
            ["EndedAt"] = $"CASE WHEN {Hits(count, 0)} OR {Hits(count, 1)} OR {Hits(count, 2)} THEN NULL ELSE {At(count)} END",
            ["ShredAt"] = "NULL",
        }, "WHERE Status = 'Pending'");
        Bulk.Copy(connection, "studies_transfers", count, new()
        {
            ["Id"] = "printf('trf_%026d', n)",
            ["RequestId"] = "printf('req_%026d', n)",
            ["ConsumerId"] = $"CASE WHEN n % 4 < 3 THEN ConsumerId ELSE '{StrangeParty}' END",
            ["Status"] = Spread(count, "Ready", "Open") + " ELSE 'Destroyed' END",
            ["CreatedAt"] = At(count),
            ["DestructionDueAt"] = "NULL",
            ["ReviewDueAt"] = "NULL",
        });
        Bulk.Copy(connection, "studies_meters", count, new() { ["Id"] = "printf('trf_%026d', n)" });
    }

    // New entries follow the existing ones, because sequences have no gaps.
    private static void Log(SqliteConnection connection, int count)
    {
        var next = Convert.ToInt64(Bulk.Scalar(connection, "SELECT Next FROM audit_head"));
        Bulk.Copy(connection, "audit_entries", count, new() { ["Sequence"] = $"n + {next}", ["Id"] = "printf('aud_%026d', n)" },
            "ORDER BY Sequence DESC");
        Bulk.Copy(connection, "audit_entry_owners", count, new()
        {
            ["Sequence"] = $"n + {next}",
            ["At"] = At(count),
            ["Action"] = $"CASE WHEN {Hits(count, 0)} THEN '{RareAction}' ELSE Action END",
            ["Object"] = $"CASE WHEN {Hits(count, 1)} THEN '{RareObject}' ELSE printf('trf_%026d', n / 10) END",
            ["KeyId"] = $"CASE WHEN {Hits(count, 2)} THEN '{RareKey}' ELSE KeyId END",
            ["Outcome"] = $"CASE WHEN {Hits(count, 3)} THEN 'refused' ELSE 'success' END",
        }, "WHERE OrganizationId = (SELECT ConsumerId FROM studies_requests ORDER BY Id DESC LIMIT 1) ORDER BY Sequence DESC");
        Bulk.Run(connection, $"UPDATE audit_head SET Next = Next + {count}");
    }

    private static string At(int count) => $"({First.UtcTicks} + n * {Period.Ticks / count})";

    // Selects one row per interval, among those whose number is divisible by four: they belong to both organizations.
    private static string Hits(int count, int which) => $"n % {count / Rare / 4 * 4} = {which * 4 % (count / Rare / 4 * 4)}";

    private static string Spread(int count, params string[] words) =>
        "CASE " + string.Join(' ', words.Select((word, i) => count / Rare / 4 > i ? $"WHEN {Hits(count, i)} THEN '{word}'" : ""));
}
