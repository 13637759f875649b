namespace Aegis.Tests.App;

/// <summary>Facts about SQLite itself; <c>why</c> says what SQL Server has not or does otherwise.</summary>
public sealed class SqliteTheoryAttribute : TheoryAttribute
{
    public SqliteTheoryAttribute(string why)
    {
        if (TestDatabase.IsSqlServer) Skip = $"on SQLite only: {why}";
    }
}
