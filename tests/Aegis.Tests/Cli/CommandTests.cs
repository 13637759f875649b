namespace Aegis.Tests.Cli;

public sealed class CommandTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_study_is_exchanged_with_commands()
    {
        using var consumer = As("consumer");
        using var provider = As("provider");
        var file = Path.Combine(consumer.Home, "study.zip");

        var asked =
            (await consumer.Run("requests", "create", "--provider", "prov_123", "--last-name", "Doe", "--first-name", "Jane", "--dob",
                "1971-03-05", "--reason", "Second opinion", "-o", "json"))
            .ShouldEndWith(0).Json.GetProperty("id").GetString()!;
        (await provider.Run("requests", "list", "--status", "pending")).ShouldEndWith(0).Out
            .Should().MatchRegex($@"(?m)^{asked}  pending  .*  \d{{4}}-\d\d-\d\dT\d\d:\d\d:\d\dZ$");
        (await provider.Run("requests", "show", asked, "-o", "json")).Json.GetProperty("createdAt").GetString().Should().EndWith("Z");
        (await provider.Run("requests", "accept", asked)).ShouldEndWith(0);
        var sent = (await provider.Run("requests", "fulfill", asked, app.StudyFolder(), "-o", "json")).ShouldEndWith(0).Json;
        var transfer = sent.GetProperty("transferId").GetString()!;
        (await consumer.Run("inbox")).ShouldEndWith(0).Out.Should().Contain(transfer).And.StartWith("ID");
        var saved = (await consumer.Run("transfers", "download", transfer, "--file", file, "-o", "json")).ShouldEndWith(0).Json;
        var acknowledged = (await consumer.Run("transfers", "acknowledge", transfer, "--file", file, "-o", "json")).ShouldEndWith(0).Json;
        (await consumer.Run("transfers", "destroy", transfer)).ShouldEndWith(2).Error.Should().Contain("--yes");
        (await consumer.Run("transfers", "destroy", transfer, "--yes")).ShouldEndWith(0);
        await Delivered.Eventually(async () =>
            (await consumer.Run("transfers", "certificate", transfer, "-o", "json")).Json.GetProperty("status").GetString() == "destroyed",
            "it is destroyed");
        (await consumer.Run("transfers", "certificate", transfer, "--note")).ShouldEndWith(0).Out
            .Should().StartWith("aegis certificate of destruction v1\n").And.Contain($"transfer: {transfer}\n").And.Contain("\n\n— ");
        (await consumer.Run("transfers", "certificate", transfer)).ShouldEndWith(0).Out
            .Should().Contain("lines: --output json shows them)");
        (await provider.Run("transfers", "receipt", transfer, "--note")).ShouldEndWith(0).Out.Should().StartWith("aegis receipt v1\n");
        var late = (await consumer.Run("transfers", "open", transfer)).ShouldEndWith(7);

        saved.GetProperty("sha256").GetString().Should().Be(sent.GetProperty("sha256").GetString());
        acknowledged.GetProperty("disputed").GetBoolean().Should().BeFalse();
        late.Error.Should().Contain("transfer_destroyed (410), trace ");
    }

    [Fact]
    public async Task Keys_are_created_shown_once_and_revoked()
    {
        using var terminal = As("operator");

        var made =
            (await terminal.Run("keys", "create", "cli-pipeline", "--preset", "execution", "--expiry", "30d", "-o", "json")).ShouldEndWith(
                0);
        var id = made.Json.GetProperty("id").GetString()!;
        var listed = (await terminal.Run("keys", "list", "-o", "yaml")).ShouldEndWith(0).Out;
        terminal["AEGIS_KEY"] = made.Json.GetProperty("key").GetString();
        var status = (await terminal.Run("auth", "status")).ShouldEndWith(0).Out;
        terminal["AEGIS_KEY"] = app.Key("operator");
        (await terminal.Run("keys", "revoke", id)).ShouldEndWith(0).Out.Should().Be($"✓ Revoked. {id} (cli-pipeline)\n");

        made.Error.Should().Contain("not shown again");
        listed.Should().Contain($"id: {id}").And.NotContain(made.Json.GetProperty("key").GetString()!);
        status.Should().StartWith("Profile:       AEGIS_KEY\nEnvironment:   ").And.Contain("Scopes:        ");
        terminal["AEGIS_KEY"] = made.Json.GetProperty("key").GetString();
        (await terminal.Run("auth", "status")).ShouldEndWith(4).Error.Should().Contain("api_key_revoked (401)");
    }

    [Fact]
    public async Task A_credential_is_read_from_standard_input_and_passed_masked_to_a_program()
    {
        using var terminal = As("admin");

        (await terminal.RunWith("top-secret-value", "credentials", "create", "cli-key", "--tag", "cli", "--tag", "two")).ShouldEndWith(0);
        var listed = (await terminal.Run("credentials", "list", "--tag", "cli", "-o", "json")).ShouldEndWith(0).Json;
        (await terminal.Run("credentials", "value", "cli-key")).ShouldEndWith(0).Out.Should().Be("top-secret-value");
        var ran = await terminal.Run(
            "run", "-s", "TOKEN=cli-key", "--", "sh", "-c", "echo \"got $TOKEN\"; echo \"key ${AEGIS_KEY:-none}\" >&2; exit 5");
        var same = await terminal.Run("run", "-s", "TOKEN=cli-key@1", "--", "sh", "-c", "test \"$TOKEN\" = top-secret-value");
        (await terminal.Run("credentials", "rotate", "cli-key", "-o", "json")).ShouldEndWith(0).Json.GetProperty("new_version").GetInt32()
            .Should().Be(2);
        (await terminal.Run("credentials", "update", "cli-key", "--description", "Changed")).ShouldEndWith(0);
        (await terminal.Run("credentials", "rollback", "cli-key", "1")).ShouldEndWith(0);
        (await terminal.Run("credentials", "update", "cli-key", "--expires-at", "2031-01-01T00:00:00Z", "--rotate", "false")).ShouldEndWith(
            0);
        (await terminal.Run("credentials", "update", "cli-key", "--expires-at", "soon")).ShouldEndWith(2);
        (await terminal.Run("audit", "--from", "2026-01-01T00:00:00Z", "--limit", "3", "-o", "json")).ShouldEndWith(0).Json.GetArrayLength()
            .Should().BeInRange(1, 3);
        (await terminal.Run("credentials", "log", "--name", "cli-key")).ShouldEndWith(0).Out.Should().Contain("value_read");
        (await terminal.Run("credentials", "retire", "cli-key")).ShouldEndWith(0);
        (await terminal.Run("credentials", "restore", "cli-key")).ShouldEndWith(0);
        (await terminal.Run("credentials", "restore", "cli-key")).ShouldEndWith(7);

        listed.EnumerateArray().Should().ContainSingle().Which.GetProperty("credential_type").GetString().Should().Be("api_key");
        ran.ShouldEndWith(5).Out.Should().Be("got ***\n");
        ran.Error.Should().Be("key none\n");
        same.ShouldEndWith(0);
    }

    [Fact]
    public async Task The_audit_log_is_exported_as_lines_and_resumed_after_an_entry()
    {
        using var terminal = As("operator");
        for (var i = 0; i < 3; i++) await terminal.Run("auth", "status");

        var whole = (await terminal.Run("audit", "export", "--action", "GET /v1/auth/session")).ShouldEndWith(0).Out.TrimEnd('\n')
            .Split('\n').Select(l => JsonElement.Parse(l)).ToList();
        var rest = (await terminal.Run("audit", "export", "--action", "GET /v1/auth/session", "--after",
                whole[0].GetProperty("id").GetString()!)).ShouldEndWith(0).Out.TrimEnd('\n').Split('\n');

        whole.Should().HaveCountGreaterThanOrEqualTo(3).And.OnlyContain(e => e.GetProperty("at").GetString()!.EndsWith('Z'));
        rest.Should().HaveCount(whole.Count - 1);
        await Delivered.Eventually(async () =>
            (await terminal.Run("audit", "proof", whole[0].GetProperty("id").GetString()!, "-o", "json")).Code == 0,
            "it has its index in the tree");
    }

    [Fact]
    public async Task People_are_invited_changed_and_removed()
    {
        using var terminal = As("admin");

        var invited =
            (await terminal.Run("users", "invite", "cli.person@example.org", "--name", "A. Person", "-o", "json")).ShouldEndWith(0);
        var id = invited.Json.GetProperty("id").GetString()!;
        (await terminal.Run("users", "list")).ShouldEndWith(0).Out
            .Should().MatchRegex($"(?m)^{id} +cli.person@example.org +A. Person +aegis:operator +false ");
        (await terminal.Run("users", "update", id, "--role", "none", "-o", "json")).ShouldEndWith(0).Json.GetProperty("role").ValueKind
            .Should().Be(JsonValueKind.Null);
        (await terminal.Run("users", "update", id, "--role", "king")).ShouldEndWith(2).Error.Should().Contain("  role: ");
        (await terminal.Run("users", "disable", id, "-o", "json")).ShouldEndWith(0).Json.GetProperty("disabledAt").ValueKind
            .Should().Be(JsonValueKind.String);
        (await terminal.Run("users", "enable", id)).ShouldEndWith(0);
        var again = (await terminal.Run("users", "invite-again", id, "-o", "json")).ShouldEndWith(0).Json;
        (await terminal.Run("users", "remove", id)).ShouldEndWith(0).Out.Should().Be($"✓ Removed. {id}\n");

        invited.Json.GetProperty("role").GetString().Should().Be("aegis:operator");
        invited.Error.Should().Contain("not shown again");
        again.GetProperty("invitationUrl").GetString().Should().NotBe(invited.Json.GetProperty("invitationUrl").GetString());
        (await terminal.Run("users", "show", id)).ShouldEndWith(6);
    }

    [Fact]
    public async Task Health_needs_no_login()
    {
        using var terminal = new Terminal();

        var ran = await terminal.Run("health", "--env", Address);

        ran.ShouldEndWith(0).Out.Should().Contain("status:").And.Contain("healthy");
        (await terminal.Run("keys", "list", "--env", Address)).ShouldEndWith(4).Error.Should().Contain("aegis auth login --env");
    }

    [Fact]
    public async Task Exit_codes_say_what_was_refused()
    {
        using var provider = As("provider");

        (await provider.Run("credentials", "list")).ShouldEndWith(5).Error.Should().Contain("credential:list");
        (await provider.Run("requests", "show", "req_none")).ShouldEndWith(6);
        (await provider.Run("requests", "decline", "req_none", "--reason", "bored")).ShouldEndWith(2).Error.Should().Contain("  reason: ");
        (await provider.Run("bogus")).ShouldEndWith(2);
        (await provider.Run("requests", "list", "--env", "localhost:1")).ShouldEndWith(8);
        (await provider.Run("agent", "list")).ShouldEndWith(3).Error.Should().Contain("No orchestrator is connected");
        (await provider.Run("workflow", "run", "my-workflow", "--input", "{}")).ShouldEndWith(3);
    }

    [Fact]
    public async Task Help_shows_examples_and_completion_knows_the_commands()
    {
        using var terminal = new Terminal();

        (await terminal.Run("transfers", "download", "--help")).ShouldEndWith(0).Out
            .Should().Contain("Examples:\n  aegis transfers download trf_…");
        (await terminal.Run("[suggest:7]", "aegis t")).Out.Should().Contain("transfers");
        foreach (var shell in new[] { "bash", "zsh", "fish", "pwsh" })
            (await terminal.Run("completion", shell)).ShouldEndWith(0).Out.Should().Contain("[suggest:");
    }

    [Fact]
    public async Task Text_of_others_cannot_control_the_terminal()
    {
        using var terminal = As("admin");
        var request = JsonSerializer.Serialize(
            new { name = "escape", credential_type = "api_key", provider = "env", value = "v", metadata = new { note = "\u001b[2Jx" } });
        (await app.As("admin").Post("/v1/credentials", request)).ShouldBe(System.Net.HttpStatusCode.Created);

        var shown = (await terminal.Run("credentials", "show", "escape")).ShouldEndWith(0).Out;

        shown.Should().Contain("metadata.note").And.NotContain("\u001b");
    }

    private string Address => app.BaseAddress.Authority;

    private Terminal As(string role)
    {
        var terminal = new Terminal();
        terminal["AEGIS_KEY"] = app.Key(role);
        terminal["AEGIS_ENV"] = Address;
        return terminal;
    }
}
