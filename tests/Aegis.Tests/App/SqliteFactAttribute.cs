namespace Aegis.Tests.App;

/// <summary>A test for SQLite only; <c>why</c> says what SQL Server lacks or does differently.</summary>
public sealed class SqliteFactAttribute : FactAttribute
{
    public SqliteFactAttribute(string why)
    {
        if (TestDatabase.IsSqlServer) Skip = $"on SQLite only: {why}";
    }
}

/// <summary>Tests for SQLite only; <c>why</c> says what SQL Server lacks or does differently.</summary>
public sealed class SqliteTheoryAttribute : TheoryAttribute
{
    public SqliteTheoryAttribute(string why)
    {
        if (TestDatabase.IsSqlServer) Skip = $"on SQLite only: {why}";
    }
}
