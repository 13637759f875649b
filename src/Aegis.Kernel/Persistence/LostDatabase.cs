using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Kernel.Persistence;

/// <summary>Tells a database that cannot be reached, read or written now from a call that it refuses.</summary>
public static class LostDatabase
{
    private const int SqlServerTimeout = -2;
    private const byte SqlServerResources = 17; // from this severity on it is the server's trouble, not the statement's

    // https://sqlite.org/rescode.html: BUSY, LOCKED, READONLY, IOERR, CORRUPT (also what a failing disk looks like), FULL, CANTOPEN, PROTOCOL, NOTADB
    private static readonly int[] SqliteCodes = [5, 6, 8, 10, 11, 13, 14, 15, 26];

    /// <summary>True when the call may succeed once the database is there again.</summary>
    public static bool IsLostDatabase(this Exception? failed)
    {
        for (; failed is not null; failed = failed.InnerException)
        {
            if (failed is SqliteException lite && SqliteCodes.Contains(lite.SqliteErrorCode)) return true;
            if (failed is SqlException server && (server.Class >= SqlServerResources || server.Number == SqlServerTimeout)) return true;
        }

        return false;
    }
}
