using System.Diagnostics;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Kernel.Sealing.Rewrapping;
using Aegis.Tests.Mechanisms;
using Xunit.Abstractions;

namespace Aegis.Tests.Processes;

/// <summary>Runs <c>rotate-kek</c> as a separate process while a host serves requests.</summary>
public sealed class RotateKekTests(ITestOutputHelper output)
{
    /// <summary>Number of rows. Set <c>AEGIS_TEST_ROTATE=100000</c> for a measurement.</summary>
    private static readonly int Rows = int.TryParse(Environment.GetEnvironmentVariable("AEGIS_TEST_ROTATE"), out var rows) ? rows : 8_000;

    /// <summary>Pause after each batch, so that the kill can hit a half-done rotation on a fast machine too.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(4) * 200 / Rows;

    [Fact]
    public async Task A_rotation_killed_half_way_can_be_resumed_and_no_read_fails_during_it()
    {
        var app = await AegisApp.Start();
        await app.Sight(Rows);
        var requests = new List<string>();
        for (var i = 0; i < 20; i++) requests.Add(await app.AskForJaneDoe());

        await KillAndResume(app, enough => Read(app, requests, enough));

        await Read(app, requests, new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    [Fact]
    public async Task Credential_versions_stay_readable_during_a_rewrap_and_need_the_old_key_no_longer()
    {
        const int credentials = 20;
        var app = await AegisApp.Start();
        for (var i = 0; i < credentials; i++) await app.AddVersions(await app.Register($"c{i}"), Rows / credentials);
        var ring = app.Services.GetRequiredService<KeyRing>();
        var old = ring.Newest.Id;

        await KillAndResume(app, enough => ReadVersions(app, credentials, Rows / credentials, enough));

        var table = TestDatabase.Table("vault", "credential_versions");
        (await app.Database.Column($"SELECT DISTINCT KekId FROM {table}")).Should().Equal(ring.Newest.Id);
        if (!TestDatabase.IsSqlServer) // checks the sealed bytes too
            (await app.Database.Column($"SELECT COUNT(*) FROM {table} WHERE instr(SealedValue, CAST('{old}' AS BLOB)) > 0"))
                .Should().Equal("0");
        await ReadVersions(app, credentials, Rows / credentials, new CancellationToken(canceled: true));
        await app.DisposeAsync();
    }

    /// <summary>
    /// Rotates with a process that is killed half-way, resumes, and retires the old key. No read may fail during this time.
    /// </summary>
    private async Task KillAndResume(AegisApp app, Func<CancellationToken, Task<int>> read)
    {
        var values = app.Services.GetRequiredService<SealedValues>();
        var old = app.Services.GetRequiredService<KeyRing>().Newest.Id;
        using var enough = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => read(enough.Token)).ToList();

        var clock = Stopwatch.StartNew();
        using (var rotate = Launch(app, "rotate-kek", $"--Keys:RewrapPause={Pause}"))
        {
            var start = Stopwatch.StartNew();
            while (await Left(values, old) > Rows / 2)
            {
                start.Elapsed.Should().BeLessThan(TimeSpan.FromSeconds(120));
                rotate.HasExited.Should().BeFalse();
                await Task.Delay(20);
            }

            rotate.Kill();
            await rotate.WaitForExitAsync();
        }

        output.WriteLine($"killed after {clock.Elapsed.TotalSeconds:0.0} s");
        (await Left(values, old)).Should().BeInRange(1, Rows);
        var status = await Run(app, "rotate-kek", "--status");
        status.Output.Should().Contain($"under {old}").And.Contain($"{old} is still needed.");
        (await Run(app, "rotate-kek", $"--retire={old}")).ExitCode.Should().Be(1);
        var watch = Stopwatch.StartNew();
        var rest = await Left(values, old);
        var resumed = await Run(app, "rotate-kek", "--resume");
        output.WriteLine(
            $"{Rows} rows; {rest} rewrapped after the kill in {watch.Elapsed.TotalSeconds:0.0} s, start of the process included");
        await enough.CancelAsync();
        var reads = await Task.WhenAll(readers);
        output.WriteLine($"{reads.Sum()} reads during the rotation");

        resumed.ExitCode.Should().Be(0, "the output was {0}", resumed.Output);
        resumed.Output.Should().Contain($"Rewrapped ").And.Contain($"{old} is no longer needed");
        (await Left(values, old)).Should().Be(0);
        reads.Sum().Should().BeGreaterThan(20);
        app.Clock.Advance(KeyRetirement.MinKeyAge);
        (await app.Services.GetRequiredService<KeyRetirement>().Retire(old, CancellationToken.None)).Should().BeNull();
    }

    /// <summary>Reads versions spread over the whole table.</summary>
    private static async Task<int> ReadVersions(AegisApp app, int credentials, int versions, CancellationToken enough)
    {
        var reads = 0;
        do
        {
            for (var i = 0; i < credentials; i++)
            {
                var version = 2 + (reads * 7919 % versions);
                (await app.As("admin").Get($"/v1/credentials/c{i}/value?version={version}")).ShouldBe(HttpStatusCode.OK)["value"]
                    .Should().Be($"{version}");
                reads++;
            }
        }
        while (!enough.IsCancellationRequested);

        return reads;
    }

    /// <summary>Reads all requests repeatedly and fails with the first read that fails.</summary>
    private static async Task<int> Read(AegisApp app, List<string> requests, CancellationToken enough)
    {
        var reads = 0;
        do
        {
            foreach (var id in requests)
            {
                (await app.As("consumer").Get($"/v1/requests/{id}")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("patient")
                    .GetProperty("lastName").GetString().Should().Be("Doe");
                reads++;
            }
        }
        while (!enough.IsCancellationRequested);

        return reads;
    }

    private static async Task<long> Left(SealedValues values, string keyId) =>
        (await values.Count(CancellationToken.None)).Sum(c => c.Under[keyId]);

    private static async Task<(int ExitCode, string Output)> Run(AegisApp app, params string[] arguments)
    {
        using var process = Launch(app, arguments);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
        return (process.ExitCode, await process.StandardOutput.ReadToEndAsync() + await process.StandardError.ReadToEndAsync());
    }

    private static Process Launch(AegisApp app, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aegis.Host.dll"), .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DataDirectory"] = app.DataDirectory },
        };
        foreach (var (key, value) in app.Database.Settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return Process.Start(start)!;
    }
}
