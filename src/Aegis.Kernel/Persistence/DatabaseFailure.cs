using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Kernel.Persistence;

/// <summary>Tells a database that cannot be used just now (locked, full, failing, gone) from a fault of ours, on both providers.</summary>
public static class DatabaseFailure
{
    // https://sqlite.org/rescode.html, primary codes
    private const int Busy = 5, Locked = 6, OutOfMemory = 7, ReadOnly = 8, Io = 10, Full = 13, CannotOpen = 14, Protocol = 15;

    private const byte SqlServerResources = 17; // severities from here on are the server's, not the statement's
    private const int SqlServerTimeout = -2;
    private const int SqlServerDeadlock = 1205;

    /// <summary>True when the same call may succeed later without anyone changing it.</summary>
    public static bool IsUnavailable(Exception? exception)
    {
        for (; exception is not null; exception = exception.InnerException)
        {
            switch (exception)
            {
                case SqliteException { SqliteErrorCode: Busy or Locked or OutOfMemory or ReadOnly or Io or Full or CannotOpen or Protocol }:
                case SqlException { Class: >= SqlServerResources }:
                case SqlException { Number: SqlServerTimeout or SqlServerDeadlock }:
                    return true;
            }
        }

        return false;
    }
}
