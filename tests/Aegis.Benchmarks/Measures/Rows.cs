using Microsoft.Data.Sqlite;

namespace Aegis.Benchmarks.Measures;

/// <summary>
/// Grows a database of one real exchange by plain SQL: older copies of its rows, half of them of the same two organizations.
/// What filters look for are as many rows whatever the size, spread evenly, so that equal pages are compared.
/// </summary>
internal static class Rows
{
    public const string RareObject = "trf_0000000000000000000000rare";
    public const string RareKey = "key_0000000000000000000000rare";
    public const string RareAction = "benchmark.rare";

    private const int Rare = 30; // most of a page
    private const string StrangeParty = "org_stranger";

    private static readonly DateTimeOffset First = new(2025, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Period = TimeSpan.FromDays(200);

    /// <summary>The id of a row; those whose number divides by four belong to both organizations.</summary>
    public static string Id(string prefix, int number) => $"{prefix}_{number / 4 * 4:D26}";

    public static DateTimeOffset Time(double part) => First + Period * part;

    public static void Insert(string file, int count)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; PRAGMA foreign_keys=OFF;");
        using var transaction = connection.BeginTransaction();
        Copy(connection, "studies_requests", Numbers(count), new()
        {
            ["Id"] = "printf('req_%026d', n)",
            ["ConsumerId"] = $"CASE WHEN n % 4 < 3 THEN ConsumerId ELSE '{StrangeParty}' END",
            ["ProviderId"] = $"CASE WHEN n % 4 < 2 THEN ProviderId ELSE '{StrangeParty}' END",
            ["Status"] = Spread(count, "Pending", "Accepted", "Fulfilling", "Declined", "Cancelled", "Expired") + " ELSE 'Fulfilled' END",
            ["SealedDetails"] = "NULL", // as after shredding: it is sealed for the id it was made for
            ["CreatedAt"] = At(count),
            ["AcceptedAt"] = $"CASE WHEN {Hits(count, 1)} THEN {At(count)} END",
            ["LeaseUntil"] = $"CASE WHEN {Hits(count, 2)} THEN ExpiresAt END",
            ["EndedAt"] = $"CASE WHEN {Hits(count, 0)} OR {Hits(count, 1)} OR {Hits(count, 2)} THEN NULL ELSE {At(count)} END",
            ["ShredAt"] = "NULL",
        }, "WHERE Status = 'Pending'");
        Copy(connection, "studies_transfers", Numbers(count), new()
        {
            ["Id"] = "printf('trf_%026d', n)",
            ["RequestId"] = "printf('req_%026d', n)",
            ["ConsumerId"] = $"CASE WHEN n % 4 < 3 THEN ConsumerId ELSE '{StrangeParty}' END",
            ["Status"] = Spread(count, "Ready", "Open") + " ELSE 'Destroyed' END",
            ["CreatedAt"] = At(count),
            ["DestructionDueAt"] = "NULL",
            ["ReviewDueAt"] = "NULL",
        });
        Copy(connection, "studies_meters", Numbers(count), new() { ["Id"] = "printf('trf_%026d', n)" });
        Log(connection, count);
        transaction.Commit();
        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
    }

    // Entries follow those that exist, since places in the log have no gaps.
    private static void Log(SqliteConnection connection, int count)
    {
        var next = Convert.ToInt64(Scalar(connection, "SELECT Next FROM audit_head"));
        Copy(connection, "audit_entries", Numbers(count), new() { ["Sequence"] = $"n + {next}", ["Id"] = "printf('aud_%026d', n)" }, "ORDER BY Sequence DESC");
        Copy(connection, "audit_entry_owners", Numbers(count), new()
        {
            ["Sequence"] = $"n + {next}",
            ["At"] = At(count),
            ["Action"] = $"CASE WHEN {Hits(count, 0)} THEN '{RareAction}' ELSE Action END",
            ["Object"] = $"CASE WHEN {Hits(count, 1)} THEN '{RareObject}' ELSE printf('trf_%026d', n / 10) END",
            ["KeyId"] = $"CASE WHEN {Hits(count, 2)} THEN '{RareKey}' ELSE KeyId END",
            ["Outcome"] = $"CASE WHEN {Hits(count, 3)} THEN 'refused' ELSE 'success' END",
        }, "WHERE OrganizationId = (SELECT ConsumerId FROM studies_requests ORDER BY Id DESC LIMIT 1) ORDER BY Sequence DESC");
        Run(connection, $"UPDATE audit_head SET Next = Next + {count}");
    }

    /// <summary>One existing row as often as there are numbers, with some columns computed.</summary>
    private static void Copy(SqliteConnection connection, string table, string numbers, Dictionary<string, string> computed, string which = "")
    {
        var columns = new List<string>();
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"SELECT name FROM pragma_table_info('{table}')";
            using var reader = command.ExecuteReader();
            while (reader.Read()) columns.Add(reader.GetString(0));
        }

        var into = string.Join(", ", columns.Select(c => $"\"{c}\""));
        var from = string.Join(", ", columns.Select(c => computed.GetValueOrDefault(c, $"\"{c}\"")));
        Run(connection, $"INSERT INTO {table} ({into}) WITH {numbers}, sample AS (SELECT * FROM {table} {which} LIMIT 1) SELECT {from} FROM numbers CROSS JOIN sample");
    }

    private static string Numbers(int count) =>
        $"RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count})";

    private static string At(int count) => $"({First.UtcTicks} + n * {Period.Ticks / count})";

    // Every so many rows one, of those whose number divides by four: they belong to both organizations.
    private static string Hits(int count, int which) => $"n % {count / Rare / 4 * 4} = {which * 4 % (count / Rare / 4 * 4)}";

    private static string Spread(int count, params string[] words) =>
        "CASE " + string.Join(' ', words.Select((word, i) => count / Rare / 4 > i ? $"WHEN {Hits(count, i)} THEN '{word}'" : ""));

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    private static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
