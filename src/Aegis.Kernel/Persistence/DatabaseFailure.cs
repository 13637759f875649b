using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Kernel.Persistence;

/// <summary>Distinguishes failures of the database from failures of a statement.</summary>
public static class DatabaseFailure
{
    private const byte FatalSeverity = 20; // at this severity and above, SQL Server's client closes the connection
    private const int DeadlockVictim = 1205;
    private const int CommandTimeout = -2;
    private const int LoginFailed = 18456;
    private const int NoSuchDatabase = 4060;

    // Server paused, shutting down, starting or upgrading; out of locks, memory or workers; Azure is moving or throttling the database.
    private static readonly HashSet<int> Passing =
        [615, 701, 802, 904, 921, 922, 1204, 4221, 6005, 8645, 8651, 10928, 10929, 10936, 14355, 17142, 17197, 18401, 18451,
         40143, 40166, 40197, 40501, 40540, 40613, 42108, 42109, 49918, 49919, 49920];

    // Disk full, read-only, a lock held too long, an unreadable file: waiting a second does not help, but an operator can.
    private static readonly HashSet<int> Lasting =
        [NoSuchDatabase, LoginFailed, CommandTimeout, 823, 824, 927, 945, 1101, 1105, 1222, 3906, 9001, 9002];

    // BUSY, LOCKED, NOMEM, READONLY, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, NOTADB (https://sqlite.org/rescode.html).
    private static readonly HashSet<int> Sqlite = [5, 6, 7, 8, 10, 11, 13, 14, 15, 26];

    /// <summary>
    /// True when the database could not be reached, closed the connection or cannot work. If this happened during a commit, it is unknown
    /// whether the change was made.
    /// </summary>
    public static bool IsUnavailable(this Exception failure) => Cause(failure) switch
    {
        SqlException e => IsPassing(e) || Lasting.Contains(e.Number),
        SqliteException e => Sqlite.Contains(e.SqliteErrorCode),
        InvalidOperationException { Source: "Microsoft.Data.SqlClient" } e => IsPoolExhausted(e),
        _ => false,
    };

    /// <summary>
    /// Returns the type and number of a failure that <see cref="IsUnavailable"/> recognizes. The message is left out, because it may
    /// contain names of servers and users.
    /// </summary>
    public static string Describe(Exception failure) => Cause(failure) switch
    {
        SqlException e => $"{nameof(SqlException)} {e.Number}",
        SqliteException e => $"{nameof(SqliteException)} {e.SqliteErrorCode}",
        var other => other?.GetType().Name ?? nameof(DbUpdateException),
    };

    /// <summary>True when a retry may soon succeed. Use it only for work that may be done twice.</summary>
    public static bool IsTransient(Exception failure) => Cause(failure) is SqlException e && (IsPassing(e) || e.Number is DeadlockVictim);

    /// <summary>True when the transaction was rolled back for certain, as a deadlock victim.</summary>
    public static bool IsDeadlock(this DbUpdateException failed) => failed.InnerException is SqlException { Number: DeadlockVictim };

    private static bool IsPassing(SqlException e) =>
        Passing.Contains(e.Number) || (e.Class >= FatalSeverity && !Lasting.Contains(e.Number));

    private static bool IsPoolExhausted(InvalidOperationException e) => e.Message.Contains("pool", StringComparison.OrdinalIgnoreCase);

    private static Exception? Cause(Exception failure) => failure is DbUpdateException ? failure.InnerException : failure;
}
