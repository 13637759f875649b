using Microsoft.Data.SqlClient;
using Microsoft.Data.Sqlite;

namespace Aegis.Kernel.Persistence;

/// <summary>Recognizes unique violations among failed saves, on both databases.</summary>
public static class UniqueViolation
{
    private const int SqlitePrimaryKey = 1555;
    private const int SqliteUnique = 2067;
    private const int SqlServerUniqueIndex = 2601;
    private const int SqlServerUniqueConstraint = 2627;

    /// <summary>True when another row already has the unique value.</summary>
    public static bool IsUniqueViolation(this DbUpdateException failed) => failed.InnerException switch
    {
        SqliteException e => e.SqliteExtendedErrorCode is SqlitePrimaryKey or SqliteUnique,
        SqlException e => e.Number is SqlServerUniqueIndex or SqlServerUniqueConstraint,
        _ => false,
    };
}
