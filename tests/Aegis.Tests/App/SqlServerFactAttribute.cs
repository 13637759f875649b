namespace Aegis.Tests.App;

/// <summary>A test for SQL Server, which runs when <c>AEGIS_TEST_SQLSERVER</c> is set.</summary>
public sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute() => Skip = TestServer.Missing;
}

/// <inheritdoc cref="SqlServerFactAttribute"/>
public sealed class SqlServerTheoryAttribute : TheoryAttribute
{
    public SqlServerTheoryAttribute() => Skip = TestServer.Missing;
}
