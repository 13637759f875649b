using System.Diagnostics;
using Aegis.Sdk.Webhooks;

namespace Aegis.Tests.Cli;

/// <summary>The command as a process, with a real environment and real signals.</summary>
public sealed class ProcessTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_program_gets_the_secret_but_not_the_API_key()
    {
        await Register("run-key");

        var (code, output, error) = await Ended(Start("run", "-s", "TOKEN=run-key", "--", "sh", "-c",
                "echo \"$TOKEN\"; echo \"${AEGIS_KEY:-none} ${AEGIS_AUTH_KEY:-none}\"; test ${#TOKEN} = 16"));

        code.Should().Be(0, error);
        output.Should().Be("***\nnone none\n");
        (await Ended(Start("run", "-s", "TOKEN=run-key", "--pass-key", "--", "sh", "-c", "test -n \"$AEGIS_KEY\""))).Code.Should().Be(0);
        (await Ended(Start("run", "-s", "TOKEN=run-key", "--", "no-such-program"))).Code.Should().Be(127);
        (await Ended(Start("run", "-s", "TOKEN=no-such-key", "--", "true"))).Code.Should().Be(6);
    }

    [Fact]
    public async Task No_process_has_the_secret_in_its_arguments()
    {
        if (!OperatingSystem.IsLinux()) return;
        await Register("argument-key");
        using var process = Start("run", "-s", "TOKEN=argument-key", "--", "sh", "-c", "echo ready; read line || sleep 3");
        await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        var arguments = Directory.GetDirectories("/proc").Where(d => char.IsAsciiDigit(Path.GetFileName(d)[0])).Select(Arguments).ToList();

        arguments
            .Should().Contain(a => a.Contains("TOKEN=argument-key", StringComparison.Ordinal)).And
            .NotContain(a => a.Contains("p4ssw0rd-of-16-c", StringComparison.Ordinal));
        process.Kill(entireProcessTree: true);
    }

    [Fact]
    public async Task A_termination_signal_goes_to_the_program()
    {
        if (OperatingSystem.IsWindows()) return;
        await Register("signal-key");
        using var process = Start("run", "-s", "TOKEN=signal-key", "--", "sh", "-c",
            "trap 'echo ended; exit 7' TERM; echo ready; while true; do sleep 0.1; done");
        (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)).Should().Be("ready");

        using (var kill = Process.Start("kill", ["-TERM", $"{process.Id}"])) await kill.WaitForExitAsync();

        var (code, output, _) = await Ended(process);
        (code, output).Should().Be((7, "ended\n"));
    }

    [Fact]
    public async Task Events_are_forwarded_with_a_valid_signature_until_an_interrupt()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var receiver = await Receiver.Start();
        using var process = Start("webhooks", "listen", "--forward-to", receiver.Url, "--event", "credential.*");
        (await process.StandardError.ReadLineAsync().WaitAsync(Patience))
            .Should().Be($"Listening, and forwarding to {receiver.Url}. Stop with Ctrl-C.");
        var secret = (await process.StandardError.ReadLineAsync().WaitAsync(Patience))!.Split(' ')[^1];

        await Register("listened-key");

        (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))
            .Should().Contain("  credential.created  evt_").And.EndWith(" → 200");
        var heard = receiver.Events.Should().ContainSingle().Subject;
        var happened = new WebhookVerifier(secret).Verify(
            heard.Headers["webhook-id"], heard.Headers["webhook-timestamp"], heard.Headers["webhook-signature"],
            System.Text.Encoding.UTF8.GetBytes(heard.Body));
        happened.Type.Should().Be("credential.created");
        using (var kill = Process.Start("kill", ["-INT", $"{process.Id}"])) await kill.WaitForExitAsync();
        var (code, _, error) = await Ended(process);
        code.Should().Be(130);
        error.Should().MatchRegex("To continue after the last event: --cursor \\S+\n");
    }

    private static string Arguments(string process)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "cmdline")).Replace('\0', ' ');
        }
        catch (IOException)
        {
            return ""; // it has ended
        }
    }

    private async Task Register(string name) => (await app.As("admin").Post(
        "/v1/credentials", new { name, credential_type = "api_key", provider = "env", value = "p4ssw0rd-of-16-c" })).ShouldBe(
            System.Net.HttpStatusCode.Created);

    private Process Start(params string[] args) =>
        Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aegis.dll"), .. args])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["AEGIS_KEY"] = app.Key("admin"), ["AEGIS_ENV"] = app.BaseAddress.Authority, ["AEGIS_AUTH_KEY"] = "x" },
        })!;

    private static async Task<(int Code, string Out, string Error)> Ended(Process process)
    {
        using (process)
        {
            var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
            await process.WaitForExitAsync().WaitAsync(Patience);
            return (process.ExitCode, await output, await error);
        }
    }
}
