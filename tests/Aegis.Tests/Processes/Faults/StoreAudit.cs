using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Processes.Faults;

/// <summary>Checks the database file and the content folder directly.</summary>
internal sealed class StoreAudit(string dataDirectory, Ledger ledger)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90); // orphaned files are removed at each start and every minute

    /// <summary>Checks what must be true at any moment.</summary>
    public async Task Check()
    {
        await using var connection = await Open();
        await MustBe(connection, "PRAGMA integrity_check", "ok", "the database is damaged");
        await MustBe(connection,
            "SELECT count(*) FROM studies_requests r WHERE r.Status='Fulfilled' AND NOT EXISTS (SELECT 1 FROM studies_transfers t WHERE "
                + "t.Id=r.Result_TransferId AND t.RequestId=r.Id)", "0", "fulfilled requests without a transfer");
        await MustBe(connection,
            "SELECT count(*) FROM studies_transfers t WHERE NOT EXISTS (SELECT 1 FROM studies_requests r WHERE r.Status='Fulfilled' AND "
                + "r.Result_TransferId=t.Id)", "0", "transfers without a fulfilled request");
        await MustBe(connection, "SELECT count(*) FROM outbox WHERE State='Parked'", "0", "events that no handler could take");
        await MustBe(connection,
            "SELECT count(*) FROM studies_transfers t WHERE t.Status IN ('Destroying','Destroyed') AND EXISTS (SELECT 1 FROM "
                + "studies_study_keys k WHERE k.TransferId=t.Id)", "0", "destroyed transfers with a key");
        foreach (var name in await Names(
            connection, "SELECT Study_FileName FROM studies_transfers WHERE Status NOT IN ('Destroying','Destroyed')"))
        {
            if (!File.Exists(Path.Combine(dataDirectory, "content", name)))
                ledger.Violate(null, $"{name} is gone though its transfer lives");
        }
    }

    /// <summary>Checks what must be true once the host had time to clean up after its last kill.</summary>
    public async Task CheckSettled()
    {
        await using var connection = await Open();
        var until = TimeProvider.System.GetUtcNow() + Patience;
        List<string> left;
        do
        {
            await Task.Delay(500);
            var living =
                await Names(connection, "SELECT Study_FileName FROM studies_transfers WHERE Status NOT IN ('Destroying','Destroyed')");
            var waiting = await Names(connection, "SELECT Id || ' is still destroying' FROM studies_transfers WHERE Status='Destroying'");
            var held = await Names(connection,
                    "SELECT Id || ' is still held by an upload' FROM studies_requests WHERE Status='Fulfilling' AND LeaseUntil > "
                        + "(strftime('%s','now')*10000000+621355968000000000)");
            var files = new DirectoryInfo(Path.Combine(dataDirectory, "content")).GetFiles().Select(f => f.Name);
            left = [.. files.Except(living).Select(f => $"{f} belongs to no living transfer"), .. waiting, .. held];
        }
        while (left.Count > 0 && TimeProvider.System.GetUtcNow() < until);
        foreach (var what in left) ledger.Violate(null, what);
        await Check();
        var (exitCode, verdict) = await HostProcess.Run(dataDirectory, "audit", "verify");
        if (exitCode != 0) ledger.Violate(null, verdict.Trim());
    }

    private async Task<SqliteConnection> Open()
    {
        var connection =
            new SqliteConnection($"Data Source={Path.Combine(dataDirectory, "aegis.db")};Mode=ReadWrite;Pooling=False;Default Timeout=30");
        await connection.OpenAsync();
        return connection;
    }

    private async Task MustBe(SqliteConnection connection, string sql, string expected, string otherwise)
    {
        var found = (await Names(connection, sql)).FirstOrDefault();
        if (found != expected) ledger.Violate(null, $"{otherwise}: {found}");
    }

    private static async Task<List<string>> Names(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // all of them are above
        command.CommandText = sql;
#pragma warning restore CA2100
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(Convert.ToString(reader.GetValue(0), System.Globalization.CultureInfo.InvariantCulture)!);
        return names;
    }
}
