using System.Text.Json.Nodes;

namespace Aegis.Tests.Cli;

public sealed class StoreTests : IDisposable
{
    private readonly Terminal terminal = new(new Issuer(), new TestClock());

    public void Dispose() => terminal.Dispose();

    [Fact]
    public async Task A_stored_session_is_encrypted_and_readable_by_its_owner_only()
    {
        await Login();
        var token = (await terminal.Run("auth", "token")).Out.Trim();

        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(terminal.StoreFile)!))
        {
            var content = await File.ReadAllTextAsync(file);
            content.Should().NotContain(token).And.NotContain("refresh-1");
            if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(file).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite, file);
        }

        if (!OperatingSystem.IsWindows()) File.GetUnixFileMode(Path.GetDirectoryName(terminal.StoreFile)!)
            .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public async Task Without_keyring_and_variable_the_machine_key_is_used_with_one_warning()
    {
        var first = await Login();
        var second = await Login();

        Source().Should().Be("machine");
        first.Error.Should().Contain("weaker");
        second.Error.Should().BeEmpty();
    }

    [Fact]
    public async Task A_session_of_this_machine_cannot_be_opened_on_another()
    {
        await Login();

        terminal.MachineName = "another";

        (await terminal.Run("auth", "token")).ShouldEndWith(4).Error.Should().Contain("another key");
    }

    [Fact]
    public async Task The_variable_is_preferred_to_the_machine_key_and_needed_again()
    {
        terminal["AEGIS_AUTH_KEY"] = "a long passphrase that nobody knows";
        (await Login()).Error.Should().BeEmpty();
        Source().Should().Be("env");
        (await terminal.Run("auth", "token")).ShouldEndWith(0);

        terminal["AEGIS_AUTH_KEY"] = "another";
        (await terminal.Run("auth", "token")).ShouldEndWith(4).Error.Should().Contain("another key");
        terminal["AEGIS_AUTH_KEY"] = null;
        (await terminal.Run("auth", "token")).ShouldEndWith(4).Error.Should().Contain("encrypted with AEGIS_AUTH_KEY. Set that variable");

        File.Exists(terminal.StoreFile).Should().BeTrue("a wrong key does not mean a damaged file");
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("""{"version":1}""")]
    public async Task An_unreadable_file_is_renamed_and_reported(string content)
    {
        await Login();
        await File.WriteAllTextAsync(terminal.StoreFile, content);

        var ran = (await terminal.Run("auth", "status")).ShouldEndWith(4);

        var aside = Directory.GetFiles(Path.GetDirectoryName(terminal.StoreFile)!, "auth.json.damaged-*").Should().ContainSingle().Subject;
        ran.Error.Should().Contain(aside);
        (await Login()).ShouldEndWith(0);
    }

    [Theory]
    [InlineData("ciphertext")]
    [InlineData("tag")]
    [InlineData("nonce")]
    public async Task A_changed_file_is_renamed(string member)
    {
        await Login();
        var file = JsonNode.Parse(await File.ReadAllTextAsync(terminal.StoreFile))!;
        var bytes = Convert.FromBase64String((string)file[member]!);
        bytes[0] ^= 1;
        file[member] = Convert.ToBase64String(bytes);
        await File.WriteAllTextAsync(terminal.StoreFile, file.ToJsonString());

        (await terminal.Run("auth", "status")).ShouldEndWith(4).Error.Should().Contain("is damaged");
    }

    [Fact]
    public async Task A_login_replaces_a_file_with_a_missing_key_and_keeps_the_old_one()
    {
        await Login();
        terminal.MachineName = "another";

        (await Login()).ShouldEndWith(0).Error.Should().Contain("cannot be opened");

        Directory.GetFiles(Path.GetDirectoryName(terminal.StoreFile)!, "auth.json.damaged-*").Should().ContainSingle();
        (await terminal.Run("auth", "token")).ShouldEndWith(0);
    }

    private async Task<Ran> Login() => (await terminal.Run("auth", "login", "--env", "dev.example.org")).ShouldEndWith(0);

    private string? Source() => (string?)JsonNode.Parse(File.ReadAllText(terminal.StoreFile))!["key_source"];
}
