using System.Diagnostics;

namespace Aegis.Tests.Cli;

/// <summary>A program started by <c>aegis run</c> ends as it would without it.</summary>
public sealed class RunTests(AegisApp app) : IClassFixture<AegisApp>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public async Task InitializeAsync() => await app.As("admin").Post(
        "/v1/credentials", new { name = "run-key", credential_type = "api_key", provider = "env", value = "p4ssw0rd-of-16-c" });

    public Task DisposeAsync() => Task.CompletedTask;

    [UnixTheory]
    [InlineData("HUP")]
    [InlineData("INT")]
    [InlineData("QUIT")]
    [InlineData("USR1")]
    [InlineData("USR2")]
    [InlineData("ALRM")]
    [InlineData("TERM")]
    public async Task A_signal_goes_to_the_program_and_its_exit_code_is_returned(string signal)
    {
        // setsid: without a terminal, as under a supervisor. env: the test runner may ignore signals, and programs inherit that.
        var program = $"trap 'echo heard {signal}; exit 7' {signal}; echo $$; while true; do sleep 0.1; done";
        using var process = app.StartShell(
                "exec setsid env --default-signal $AEGIS run -s TOKEN=run-key -- bash -c "
                    + $"\"{program.Replace("$$", "\\$\\$", StringComparison.Ordinal)}\"");
        var child = (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience))!;

        await process.Signal(signal);

        await process.WaitForExitAsync().WaitAsync(Patience);
        ((await process.StandardOutput.ReadToEndAsync()).Trim(), process.ExitCode).Should().Be(($"heard {signal}", 7));
        Directory.Exists($"/proc/{child}").Should().BeFalse("no orphan keeps the secret");
    }

    [UnixFact]
    public async Task A_program_ended_by_a_signal_gives_the_exit_code_of_shells()
    {
        using var process =
            app.StartShell("exec setsid env --default-signal $AEGIS run -s TOKEN=run-key -- sh -c 'echo ready; exec sleep 100'");
        await process.StandardOutput.ReadLineAsync().WaitAsync(Patience);

        await process.Signal("HUP");

        await process.WaitForExitAsync().WaitAsync(Patience);
        process.ExitCode.Should().Be(128 + 1);
    }

    [UnixTheory]
    [InlineData("$AEGIS run -s TOKEN=run-key -- yes | head -1")]
    [InlineData("$AEGIS run --no-mask -s TOKEN=run-key -- yes | head -1")]
    [InlineData("{ $AEGIS run -s TOKEN=run-key -- sh -c 'yes >&2' 2>&1 >/dev/null; } | head -1")]
    public async Task A_pipe_without_a_reader_ends_the_program(string line)
    {
        var (code, output, _) = await app.Shell(line);

        (code, Encoding.UTF8.GetString(output)).Should().Be((0, "y\n"));
    }

    [UnixFact]
    public async Task Output_and_errors_in_one_file_keep_their_order()
    {
        var file =
            Path.Combine(AppContext.BaseDirectory, "homes", Aegis.Kernel.Identifiers.Ids.New("out", TimeProvider.System.GetUtcNow()));
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);

        await app.Shell(
            $"echo first > {file}; $AEGIS run -s TOKEN=run-key -- sh -c 'echo $TOKEN; sleep 0.2; echo second >&2' >> {file} 2>&1; "
                + $"cat {file}");

        (await File.ReadAllTextAsync(file)).Should().Be("first\n***\nsecond\n");
        File.Delete(file);
    }

    [UnixTheory]
    [InlineData("sleep 100 & echo $TOKEN; exit 7")]
    [InlineData("sleep 100 >&2 & echo $TOKEN; exit 7")]
    [InlineData("(while sleep 0.05; do echo || exit; done) >&2 & echo $TOKEN; exit 7")]
    [InlineData("yes >&2 & echo $TOKEN; exit 7")]
    public async Task A_background_process_of_the_program_does_not_block_the_command(string program)
    {
        var begun = Stopwatch.GetTimestamp();
        var (code, output, _) = await app.Shell($"$AEGIS run -s TOKEN=run-key -- sh -c '{program}'");

        (code, Encoding.UTF8.GetString(output)).Should().Be((7, "***\n"));
        Stopwatch.GetElapsedTime(begun).Should().BeLessThan(TimeSpan.FromSeconds(60));
    }

    [UnixFact]
    public async Task All_output_of_a_program_arrives_at_a_slow_reader()
    {
        var (_, output, _) = await app.Shell(
            "$AEGIS run -s TOKEN=run-key -- sh -c 'sleep 100 & for i in 1 2 3 4; do printf %060000d 0; done' | { sleep 4; wc -c; }");

        Encoding.UTF8.GetString(output).Trim().Should().Be("240000");
    }

    [UnixFact]
    public async Task The_last_output_of_a_filter_in_the_program_arrives()
    {
        var (code, output, _) =
            await app.Shell("$AEGIS run -s TOKEN=run-key -- bash -c 'exec > >(while read line; do echo said $line; done); echo $TOKEN'");

        (code, Encoding.UTF8.GetString(output)).Should().Be((0, "said ***\n"));
    }
}
