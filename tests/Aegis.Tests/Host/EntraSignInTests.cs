using Aegis.Contracts.Identity;
using Aegis.Kernel;
using Aegis.Kernel.Persistence.SqlServer;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Host;

/// <summary>
/// Sign-in to SQL Server with Entra ID. The tests need no server; they check that every connection gets its token from Aegis.
/// </summary>
public sealed class EntraSignInTests
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "entra");

    [Theory]
    [InlineData("Active Directory Default")]
    [InlineData("Active Directory Managed Identity;User Id=11111111-2222-3333-4444-555555555555")]
    [InlineData("Active Directory Workload Identity")]
    [InlineData("Active Directory Service Principal;User Id=app;Password=secret")]
    public void Each_connection_gets_its_token_from_the_host(string authentication)
    {
        var options = Options(authentication);
        new SqlConnectionStringBuilder(options.ConnectionString).Authentication.Should().Be(SqlAuthenticationMethod.NotSpecified);
        options.ConnectionString.Should().NotContain("secret").And.NotContain("User ID");
        var services = new ServiceCollection().AddLogging();
        services.AddKernel(Configuration(authentication), options,
            KeyOptions.From(Configuration(authentication), Folder, isProduction: false), typeof(Scopes).Assembly);
        using var provider = services.BuildServiceProvider();
        using var scope = provider.CreateScope();

        using var ours = SqlServerConnections.Create(options);
        var entity = (SqlConnection)scope.ServiceProvider.GetRequiredService<KernelDb>().Database.GetDbConnection();

        entity.AccessTokenCallback.Should().NotBeNull().And.BeSameAs(ours.AccessTokenCallback, "the client keeps one pool per delegate");
    }

    [Theory]
    [InlineData("Sql Password;User Id=sa;Password=secret")]
    [InlineData("Sql Password;User Id=sa;Password=secret;Encrypt=true")]
    public void Other_sign_ins_are_not_changed(string authentication)
    {
        var options = Options(authentication);

        new SqlConnectionStringBuilder(options.ConnectionString).UserID.Should().Be("sa");
        using var connection = SqlServerConnections.Create(options);
        connection.AccessTokenCallback.Should().BeNull();
    }

    [Theory]
    [InlineData("Active Directory Interactive")]
    [InlineData("Active Directory Device Code Flow")]
    [InlineData("Active Directory Integrated")]
    [InlineData("Active Directory Password;User Id=a;Password=b")]
    public void An_interactive_sign_in_stops_the_start(string authentication)
    {
        var read = () => Options(authentication);

        read.Should().Throw<StartRefusedException>().WithMessage("*an interactive Entra sign-in, which a host cannot use*");
    }

    private static DatabaseOptions Options(string authentication) => DatabaseOptions.From(Configuration(authentication), Folder);

    private static IConfiguration Configuration(string authentication) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:Aegis"] = $"Server=db.example;Database=aegis;Authentication={authentication}",
        }).Build();
}
