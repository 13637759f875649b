using Aegis.Kernel;
using Aegis.Kernel.Identifiers;
using Aegis.Vault;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Env;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.Vault.Providers;

[System.Runtime.Versioning.SupportedOSPlatform("linux")]
public sealed class EnvProviderTests : IDisposable
{
    private readonly string root = Path.Combine(AppContext.BaseDirectory, "env", Ids.New("env", TimeProvider.System.GetUtcNow()));
    private readonly EnvProvider provider;

    public EnvProviderTests()
    {
        Directory.CreateDirectory(Folder);
        provider = new EnvProvider(new VaultOptions { EnvRoot = root }, TimeProvider.System);
    }

    private string Folder => Path.Combine(root, Bench.Organization);

    private string File => Path.Combine(Folder, ".env");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public async Task Without_configuration_a_value_is_stored_only_in_the_vault()
    {
        var target = Bench.Credential(provider, "{}");

        var value = await provider.Create(target, Bench.Order(), default);
        await provider.Set(target, value, null, default);

        value.Value.Should().MatchRegex("^[A-Za-z0-9_-]{43}$");
        (await provider.Test(target, value, default)).Should().Be(Tested.InPlace);
        Directory.EnumerateFileSystemEntries(root, "*", SearchOption.AllDirectories).Should().Equal(Folder);
    }

    [Fact]
    public async Task One_variable_is_replaced_and_all_other_bytes_stay()
    {
        const string before = "# first é\r\nA=1\n\nexport KEY = \"old # no comment\" # why\nMULTI='a\nKEY=inside\nb'\nKEY=again\nLAST=x";
        await System.IO.File.WriteAllTextAsync(File, before);
        System.IO.File.SetUnixFileMode(File, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        var target = Bench.Credential(provider, """{"file":".env","variable":"KEY"}""");

        await provider.Set(target, new HeldValue("n3w"), null, default);
        await provider.Set(target, new HeldValue("n3w"), null, default);

        (await System.IO.File.ReadAllTextAsync(File))
            .Should().Be("# first é\r\nA=1\n\nexport KEY = n3w # why\nMULTI='a\nKEY=inside\nb'\nKEY=n3w\nLAST=x");
        System.IO.File.GetUnixFileMode(File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        (await provider.Test(target, new HeldValue("n3w"), default)).Should().Be(Tested.InPlace);
        (await provider.Test(target, new HeldValue("old"), default)).Code.Should().Be(ProviderCode.ValueDiffers);
    }

    [Fact]
    public async Task A_new_variable_is_appended_and_a_new_file_is_readable_only_by_its_owner()
    {
        await System.IO.File.WriteAllTextAsync(File, "A=1\r\nB=2");
        await provider.Set(Bench.Credential(provider, """{"file":".env","variable":"KEY"}"""), new HeldValue("v"), null, default);
        await provider.Set(Bench.Credential(provider, """{"file":"shop/live/app.env","variable":"KEY"}"""), new HeldValue("v"),
            null, default);

        (await System.IO.File.ReadAllTextAsync(File)).Should().Be("A=1\r\nB=2\r\nKEY=v\r\n");
        var made = Path.Combine(Folder, "shop", "live", "app.env");
        (await System.IO.File.ReadAllTextAsync(made)).Should().Be("KEY=v\n");
        System.IO.File.GetUnixFileMode(made).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        System.IO.File.GetUnixFileMode(Path.Combine(Folder, "shop"))
            .Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Theory]
    [InlineData("folder", "shop/.env")]
    [InlineData("file", ".env")]
    [InlineData("organization", ".env")]
    [InlineData("loop", ".env")]
    public async Task A_symbolic_link_anywhere_in_the_path_is_refused(string kind, string file)
    {
        var outside = Directory.CreateDirectory(Path.Combine(root, "outside")).FullName;
        await System.IO.File.WriteAllTextAsync(Path.Combine(outside, ".env"), "KEY=theirs\n");
        if (kind == "folder") System.IO.File.CreateSymbolicLink(Path.Combine(Folder, "shop"), outside);
        if (kind == "file") System.IO.File.CreateSymbolicLink(File, Path.Combine(outside, ".env"));
        if (kind == "loop") System.IO.File.CreateSymbolicLink(File, File);
        if (kind == "organization")
        {
            Directory.Delete(Folder);
            Directory.CreateSymbolicLink(Folder, outside);
        }

        var target = Bench.Credential(provider, $$"""{"file":"{{file}}","variable":"KEY"}""");
        var failure = await Bench.Failure(() => provider.Set(target, new HeldValue("s3cret"), null, default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.Misconfigured, ProviderCode.PathNotAllowed));
        (await provider.Test(target, new HeldValue("theirs"), default)).Code.Should().Be(ProviderCode.PathNotAllowed);
        (await System.IO.File.ReadAllTextAsync(Path.Combine(outside, ".env"))).Should().Be("KEY=theirs\n");
        if (kind == "organization") Directory.Delete(Folder);
    }

    [Fact]
    public async Task A_path_that_is_not_a_file_is_refused_and_a_pipe_does_not_block()
    {
        Directory.CreateDirectory(File);
        (await Bench.Failure(() =>
            provider.Set(Bench.Credential(provider, """{"file":".env","variable":"KEY"}"""), new HeldValue("v"), null, default))).Code
                .Should().Be(ProviderCode.PathNotAllowed);
        System.Diagnostics.Process.Start("mkfifo", Path.Combine(Folder, "pipe")).WaitForExit();

        var tested = provider.Test(Bench.Credential(provider, """{"file":"pipe","variable":"KEY"}"""), new HeldValue("v"), default);

        (await tested.WaitAsync(TimeSpan.FromSeconds(5))).Code.Should().Be(ProviderCode.PathNotAllowed);
    }

    [Fact]
    public async Task Concurrent_writers_of_one_file_lose_no_change()
    {
        await Parallel.ForAsync(0, 40, async (i, _) =>
        {
            var target = Bench.Credential(provider, $$"""{"file":".env","variable":"KEY_{{i}}"}""");
            await provider.Set(target, new HeldValue($"v{i}"), null, default);
        });

        (await System.IO.File.ReadAllLinesAsync(File)).Should().BeEquivalentTo(Enumerable.Range(0, 40).Select(i => $"KEY_{i}=v{i}"));
        Directory.GetFiles(Folder).Select(Path.GetFileName).Should().BeEquivalentTo(".env", ".aegis.lock");
    }

    [Theory]
    [InlineData("plain-_./:@%+,=9", "plain-_./:@%+,=9")]
    [InlineData("with space # and $HOME", "'with space # and $HOME'")]
    [InlineData("it's", "\"it's\"")]
    [InlineData("", "''")]
    [InlineData("it's $5", null)]
    [InlineData("back\\slash", null)]
    [InlineData("two\nlines", null)]
    public async Task A_value_is_quoted_for_shells_or_refused(string value, string? written)
    {
        DotEnv.Quote(value).Should().Be(written);
        if (written is null)
        {
            (await Bench.Failure(() =>
                provider.Set(Bench.Credential(provider, """{"file":".env","variable":"KEY"}"""), new HeldValue(value), null, default))).Code
                    .Should().Be(ProviderCode.ValueUnsupported);
            return;
        }

        var target = Bench.Credential(provider, """{"file":".env","variable":"KEY"}""");
        await provider.Set(target, new HeldValue(value), null, default);

        (await provider.Test(target, new HeldValue(value), default)).Should().Be(Tested.InPlace);
        using var shell = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo(
                "sh", ["-c", ". ./.env; printf %s \"$KEY\""])
            { WorkingDirectory = Folder, RedirectStandardOutput = true })!;
        (await shell.StandardOutput.ReadToEndAsync()).Should().Be(value);
    }

    [Theory]
    [InlineData("""{"file":".env"}""", "variable")]
    [InlineData("""{"variable":"KEY"}""", "file")]
    [InlineData("""{"file":"../other/.env","variable":"KEY"}""", "file")]
    [InlineData("""{"file":"/etc/passwd","variable":"KEY"}""", "file")]
    [InlineData("""{"file":"a//b","variable":"KEY"}""", "file")]
    [InlineData("""{"file":"a/./b","variable":"KEY"}""", "file")]
    [InlineData("""{"file":"a/b/c/d/e/f","variable":"KEY"}""", "file")]
    [InlineData("""{"file":"a b","variable":"KEY"}""", "file")]
    [InlineData("""{"file":".aegis.lock","variable":"KEY"}""", "file")]
    [InlineData("""{"file":".env.aegis-new","variable":"KEY"}""", "file")]
    [InlineData("""{"file":".env","variable":"1KEY"}""", "variable")]
    [InlineData("""{"file":".env","variable":"KEY=x;Y"}""", "variable")]
    [InlineData("""{"file":".env","variable":"KEY","bytes":8}""", "bytes")]
    public void Paths_that_could_leave_the_folder_are_refused(string config, string member) =>
        Bench.Objections(provider, config).Should().ContainKey($"provider_config.{member}");

    [Fact]
    public async Task Without_EnvRoot_no_file_is_written()
    {
        var without = new EnvProvider(new VaultOptions(), TimeProvider.System);

        (await Bench.Failure(() =>
            without.Set(Bench.Credential(without, """{"file":".env","variable":"KEY"}"""), new HeldValue("v"), null, default))).Code
                .Should().Be(ProviderCode.FilesOff);
    }

    [Fact]
    public void An_unsuitable_EnvRoot_stops_the_start()
    {
        var data = Directory.CreateDirectory(Path.Combine(root, "data")).FullName;
        Directory.CreateDirectory(Path.Combine(data, "inside"));
        System.IO.File.CreateSymbolicLink(Path.Combine(root, "link"), data);

        foreach (var bad in new[] { "relative", Path.Combine(root, "missing"), data, Path.Combine(data, "inside"),
            Path.Combine(root, "link"), Path.Combine(root, "link", "inside"), root })
        {
            var start = () =>
                VaultOptions.From(new ConfigurationBuilder().AddInMemoryCollection([new("Vault:EnvRoot", bad)]).Build(), data);
            start.Should().Throw<StartRefusedException>("of {0}", bad).WithMessage("Vault:EnvRoot*");
        }

        VaultOptions.From(new ConfigurationBuilder().AddInMemoryCollection([new("Vault:EnvRoot", Folder)]).Build(), data).EnvRoot
            .Should().Be(Folder);
    }
}
