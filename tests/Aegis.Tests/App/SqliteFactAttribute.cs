namespace Aegis.Tests.App;

/// <summary>A fact about SQLite itself; <c>why</c> says what SQL Server has not or does otherwise.</summary>
public sealed class SqliteFactAttribute : FactAttribute
{
    public SqliteFactAttribute(string why)
    {
        if (TestDatabase.IsSqlServer) Skip = $"on SQLite only: {why}";
    }
}
