namespace Aegis.Tests.Processes;

/// <summary>
/// Pastes every command block of a page into a shell. Pages that need another language or a Go toolchain are in the interop tests.
/// </summary>
public sealed class DocumentTests : IAsyncLifetime
{
    // README.md and docs/onboarding.md: WalkThroughTests. docs/evidence.md and docs/webhooks.md: interop tests.
    private static readonly string[] Elsewhere = ["docs/onboarding.md", "docs/evidence.md", "docs/webhooks.md"];
    // these pages contain campaigns and the publishing of a release
    private static readonly string[] TooLong = ["docs/reliability.md", "docs/operations.md", "docs/threat-model.md"];
    private HostProcess host = null!;

    public async Task InitializeAsync() => host = await HostProcess.Start(HostProcess.NewDataDirectory());

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Theory]
    [InlineData("docs/cli.md", "Profile:       AEGIS_KEY")]
    [InlineData("docs/device-login.md", "authorization_pending")]
    [InlineData("docs/errors.md", "api_key_invalid")]
    [InlineData("docs/keys.md", "\"active\":true")]
    [InlineData("docs/people.md", "\"invitationUrl\":\"http")]
    [InlineData("docs/sessions.md", "\"stepUpRequired\": false")]
    [InlineData("docs/vault.md", "\"version\":2")]
    public async Task The_commands_of_a_page_run_when_pasted(string page, string printed)
    {
        (await PastedDocument.PasteAll(host, page)).Should().Contain(printed);
    }

    [Fact]
    public async Task The_commands_of_the_n8n_page_run_when_pasted()
    {
        await using var n8n = await N8nStandIn.Start();
        var credential = n8n.Hold("OpenAI", "openAiApi", """{"apiKey":"old"}""");
        var workflow = n8n.Draw(
            """[{"id":"1","name":"HTTP Request","type":"n8n-nodes-base.httpRequest","typeVersion":4,"position":[0,0],"parameters":{}}]""");

        var output = await PastedDocument.PasteAll(
            host, "docs/n8n.md", ("http://localhost:5678", n8n.Url), ("\"…\"", N8nStandIn.Key), ("9aKx2LqTnP0sYb1c", credential),
            ("2tUt1wbLX592XDdX", workflow));

        output.Should().Contain("\"status\":\"applied\"").And.Contain("\"sent_version\":").And.NotContain("\"code\":");
    }

    [Fact]
    public void Every_page_with_commands_is_pasted_by_some_test()
    {
        var root = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(root.FullName, "Aegis.sln"))) root = root.Parent!;
        var withCommands = Directory.GetFiles(Path.Combine(root.FullName, "docs"), "*.md")
            .Where(f => File.ReadAllText(f).Contains("```bash", StringComparison.Ordinal)).Select(f => $"docs/{Path.GetFileName(f)}");
        var pasted = GetType().GetMethod(nameof(The_commands_of_a_page_run_when_pasted))!.GetCustomAttributesData()
            .Where(a => a.AttributeType == typeof(InlineDataAttribute))
            .Select(a =>
                (string)((IReadOnlyList<System.Reflection.CustomAttributeTypedArgument>)a.ConstructorArguments[0].Value!)[0].Value!);

        withCommands.Should().BeSubsetOf([.. pasted, .. Elsewhere, .. TooLong, "docs/n8n.md"]);
    }
}
