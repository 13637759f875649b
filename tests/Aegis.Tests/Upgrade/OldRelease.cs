using System.IO.Compression;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Upgrade;

/// <summary>
/// The data directory of a host of release 0.1.0 that was killed while working. Every table has rows, transfers are ready, open, disputed
/// and destroyed, and audit entries are pending. Rows of passkeys, linked identities, use totals and one stream lease were added by hand.
/// The sandbox's studies are left out.
/// </summary>
internal static class OldRelease
{
    public const string Pending = "req_01m8rk83jpe0087xvsjqc8a234";
    public const string Ready = "trf_01m8rk83yke009fdf3rwt02x4b";
    public const string Open = "trf_01m8rk84c7e009z23pjqpr2hav";
    public const string Disputed = "trf_01m8rk85q7e0087fg2tzkz34tc";
    public const string Destroyed = "trf_01m8rk861ze00attyxhbxep5dv";

    /// <summary>A rotated key. Its old value works until a day after <see cref="StoppedAt"/>.</summary>
    public const string RotatedKey = "aegis_test_tn2suuqdgYVUnE2OC6Ihbgy7LjXnnm6VJWh3OPBMx9UR1x1P51";

    public const string RefreshToken = "aegis_rt_01m8rk970se00a11c5q57mzj2w_0_rMlU0WfL9TMvHVTzlEmKLgvcfQ8zzPnQ_ynwaCfS6uw";

    /// <summary>When the old host was killed.</summary>
    public static readonly DateTimeOffset StoppedAt = new(2026, 12, 1, 10, 45, 20, TimeSpan.Zero);

    /// <summary>Starts this release on a copy of the old data, a minute after the old host was killed.</summary>
    public static Task<AegisApp> Start() => AegisApp.StartOnData(Unpack, StoppedAt.AddMinutes(1));

    public static void Unpack(string folder)
    {
        using var archive = typeof(OldRelease).Assembly.GetManifestResourceStream("data-0.1.0.zip")!;
        ZipFile.ExtractToDirectory(archive, folder);
    }

    /// <summary>Returns the empty tables of a SQLite file, as the old release left them.</summary>
    public static List<string> EmptyTables(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "aegis.db")};Pooling=False");
        connection.Open();
        var tables = Column(connection, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> '__EFMigrationsLock'");
        return tables.Where(t => Column(connection, $"SELECT 1 FROM \"{t}\" LIMIT 1").Count == 0).ToList();
    }

    private static List<string> Column(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var found = new List<string>();
        while (reader.Read()) found.Add(reader.GetValue(0).ToString()!);
        return found;
    }
}
