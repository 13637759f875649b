namespace Aegis.Tests.App;

/// <summary>A fact about SQL Server, which runs when <c>AEGIS_TEST_SQLSERVER</c> names one.</summary>
public sealed class SqlServerFactAttribute : FactAttribute
{
    public SqlServerFactAttribute() => Skip = TestServer.Missing;
}

/// <inheritdoc cref="SqlServerFactAttribute"/>
public sealed class SqlServerTheoryAttribute : TheoryAttribute
{
    public SqlServerTheoryAttribute() => Skip = TestServer.Missing;
}
