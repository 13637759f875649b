namespace Aegis.Tests.App;

/// <summary>A fact about SQL Server, which runs when <c>AEGIS_TEST_SQLSERVER</c> names one.</summary>
public sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute()
    {
        if (!TestDatabase.IsSqlServer) Skip = "needs AEGIS_TEST_SQLSERVER";
    }
}
