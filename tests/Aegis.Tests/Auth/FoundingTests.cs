using System.Diagnostics;
using Aegis.Contracts.Identity;

namespace Aegis.Tests.Auth;

/// <summary>How a Production installation gets its first organization and keys.</summary>
public sealed class FoundingTests
{
    [Fact]
    public async Task A_command_founds_an_empty_Production_installation_which_then_admits_a_member()
    {
        var folder = HostProcess.NewDataDirectory();
        var settings = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["DataDirectory"] = Path.Combine(folder, "data"),
            ["Keys__Directory"] = Path.Combine(folder, "keys"),
            ["Database__Provider"] = "Sqlite",
            ["ConnectionStrings__Aegis"] = $"Data Source={Path.Combine(folder, "data", "aegis.db")}",
            ["PublicUrl"] = "https://aegis.example.org",
        };
        Directory.CreateDirectory(settings["DataDirectory"]);

        (await Run(settings, "keys", "create")).ExitCode.Should().Be(0);
        (await Run(settings, "platform", "init", "--name=Example Exchange")).ExitCode.Should().Be(2, "the address is missing");
        var (exitCode, output, errors) = await Run(settings, "platform", "init", "--name=Example Exchange", "--email=admin@example.org");
        exitCode.Should().Be(0, "it said {0}", errors);
        var key = output.Split('\n').Last(line => line.Length > 0);
        key.Should().MatchRegex("^aegis_[0-9A-Za-z]{50}$");
        var again = await Run(settings, "platform", "init", "--name=Example Exchange", "--email=admin@example.org");
        again.ExitCode.Should().Be(1);
        again.Errors.Should().Contain("already has an admin key");

        await using var host = await HostProcess.Start(settings["DataDirectory"], settings);
        using var http = new HttpClient { BaseAddress = new Uri(host.BaseUrl) };
        var (admin, anyone) = (new ApiClient(http, key), new ApiClient(http));
        var body = Applying.Body(new Fakes.TestClock());
        body["partner"] = new System.Text.Json.Nodes.JsonObject { ["name"] = "A partner to come" };
        var id = (await anyone.Post("/v1/applications", body)).ShouldBe(HttpStatusCode.Created).Id;
        (await admin.Post($"/v1/applications/{id}/review")).ShouldBe(HttpStatusCode.OK);
        var approved = (await admin.Post($"/v1/applications/{id}/approve")).ShouldBe(HttpStatusCode.OK);
        approved["claimUrl"].Should().StartWith("https://aegis.example.org/claim/");
        var claimed = (await anyone.With("Accept", "application/json")
            .Post(Applying.Path(approved["claimUrl"]!))).ShouldBe(HttpStatusCode.OK);
        claimed["key"].Should().MatchRegex("^aegis_[0-9A-Za-z]{50}$", "production keys are not sandbox keys");
        (await new ApiClient(http, claimed["key"]).Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK).Id
            .Should().Be(approved["organizationId"]);
    }

    [Fact]
    public async Task When_no_admin_key_works_a_new_one_can_be_made_for_the_same_admin_only()
    {
        await using var own = await OwnApp.Start(("Sandbox:Enabled", "false"));
        var first = await Found(own.App, "admin@example.org");
        (await Found(own.App, "admin@example.org")).Key.Should().BeNull();

        await own.App.Anonymous.Post("/v1/auth/keys/report-leak", new { key = first.Key });

        var second = await Found(own.App, "Admin@example.org");
        (await new ApiClient(own.App.NewHttp(), second.Key).Get("/v1/applications")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_user_of_another_organization_does_not_become_the_platforms_admin()
    {
        await using var own = await OwnApp.Start();
        await own.App.Anonymous.Post("/v1/auth/keys/report-leak", new { key = own.App.Key("admin") });

        var refused = await Found(own.App, "operator@cons-456.sandbox.example");

        refused.Key.Should().BeNull();
        refused.Obstacle.Should().Contain("not an admin of the platform");
    }

    private static Task<FoundingKey> Found(AegisApp app, string email) =>
        app.Use<IFounding, FoundingKey>(f => f.Found("Example Exchange", email, CancellationToken.None));

    private static async Task<(int ExitCode, string Output, string Errors)> Run(
        Dictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aegis.Host.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
