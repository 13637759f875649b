namespace Aegis.Benchmarks.Measures;

/// <summary>Fills tables of an existing database with SQL, which is faster than any client of the host.</summary>
internal static class Bulk
{
    /// <summary>Opens the database file of a stopped host, fills it in one transaction and leaves no write-ahead log.</summary>
    public static void Fill(string file, Action<SqliteConnection> fill)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        Run(connection, "PRAGMA synchronous=OFF; PRAGMA cache_size=-200000; PRAGMA foreign_keys=OFF;");
        using (var transaction = connection.BeginTransaction())
        {
            fill(connection);
            transaction.Commit();
        }

        Run(connection, "PRAGMA wal_checkpoint(TRUNCATE);");
    }

    /// <summary>Copies one existing row the given number of times, with some columns computed.</summary>
    public static void Copy(SqliteConnection connection, string table, int count, Dictionary<string, string> computed, string which = "")
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
        Run(connection, $"""
            INSERT INTO {table} ({into})
            WITH {Numbers(count)}, sample AS (SELECT * FROM {table} {which} LIMIT 1) SELECT {from} FROM numbers CROSS JOIN sample
            """);
    }

    public static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 0;
        command.ExecuteNonQuery();
    }

    public static object? Scalar(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static string Numbers(int count) =>
        $"RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < {count})";
}
