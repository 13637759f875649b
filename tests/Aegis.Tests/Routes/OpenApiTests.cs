using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Aegis.Tests.App;

namespace Aegis.Tests.Routes;

/// <summary>The description of the API is checked in, so that every change of it is seen in review.</summary>
public sealed class OpenApiTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const string Update = "AEGIS_UPDATE_OPENAPI";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_description_equals_the_checked_in_one()
    {
        var described = JsonNode.Parse((await app.Anonymous.Get("/swagger/v1/swagger.json")).ShouldBe(HttpStatusCode.OK).Body)!;
        var text = described.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 }) await File.WriteAllTextAsync(CheckedIn(), text);

        text.Should().Be(await File.ReadAllTextAsync(CheckedIn()), "run tests/update-openapi after a change of the API");
    }

    [Fact]
    public async Task Every_operation_says_who_may_call_it()
    {
        var described = (await app.Anonymous.Get("/swagger/v1/swagger.json")).Json;

        described.GetProperty("openapi").GetString().Should().StartWith("3.1");
        foreach (var path in described.GetProperty("paths").EnumerateObject())
        {
            foreach (var operation in path.Value.EnumerateObject())
            {
                operation.Value.GetProperty("x-audience").GetString().Should().BeOneOf("public", "private");
                operation.Value.GetProperty("summary").GetString().Should().NotBeNullOrEmpty("of {0} {1}", operation.Name, path.Name);
            }
        }
    }

    [Fact]
    public async Task Swagger_UI_is_there()
    {
        var page = await app.Anonymous.Get("/swagger/index.html");

        page.ShouldBe(HttpStatusCode.OK);
        page.Text.Should().Contain("Aegis API");
    }

    private static string CheckedIn()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "docs", "openapi.json");
    }
}
