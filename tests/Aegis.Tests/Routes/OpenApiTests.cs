using System.Text.Json.Nodes;

namespace Aegis.Tests.Routes;

/// <summary>The API description is checked in, so that review sees every change.</summary>
public sealed class OpenApiTests(AegisApp app) : IClassFixture<AegisApp>
{
    private const string Update = "AEGIS_UPDATE_OPENAPI";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    [Fact]
    public async Task The_description_equals_docs_openapi_json()
    {
        var described = JsonNode.Parse((await app.Anonymous.Get("/swagger/v1/swagger.json")).ShouldBe(HttpStatusCode.OK).Body)!;
        var text = described.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n";
        if (Environment.GetEnvironmentVariable(Update) is { Length: > 0 }) await File.WriteAllTextAsync(CheckedIn(), text);

        text.Should().Be(await File.ReadAllTextAsync(CheckedIn()), "run tests/update-openapi after a change of the API");
    }

    [Fact]
    public async Task Every_operation_has_an_audience_and_a_summary()
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

    [Theory]
    [InlineData("UpdateWebhookRequest", "enabled", "boolean")]
    [InlineData("ChangeUserRequest", "disabled", "boolean")]
    [InlineData("UpdateCredentialRequest", "tags", "array")]
    public async Task A_patch_member_is_described_with_its_wire_type_and_is_optional(string schema, string member, string type)
    {
        var schemas = (await app.Anonymous.Get("/swagger/v1/swagger.json")).Json.GetProperty("components").GetProperty("schemas");

        var patch = schemas.GetProperty(schema);
        patch.GetProperty("properties").GetProperty(member).GetProperty("type").ToString().Should().Contain(type);
        patch.TryGetProperty("required", out _).Should().BeFalse();
        schemas.EnumerateObject().Select(s => s.Name)
            .Should().NotContain(name => name.EndsWith("Optional") || name.StartsWith("JsonNode"), "these are internal classes");
    }

    [Fact]
    public async Task No_two_operations_share_an_id()
    {
        var paths = (await app.Anonymous.Get("/swagger/v1/swagger.json")).Json.GetProperty("paths");

        paths.EnumerateObject().SelectMany(p => p.Value.EnumerateObject()).Select(o => o.Value.GetProperty("operationId").GetString())
            .Should().OnlyHaveUniqueItems("client generators use it");
    }

    [Fact]
    public async Task Swagger_UI_is_served()
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
