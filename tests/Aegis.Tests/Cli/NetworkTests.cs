namespace Aegis.Tests.Cli;

/// <summary>What the command says about receivers and proxies.</summary>
public sealed class NetworkTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    [UnixFact]
    public async Task A_proxy_is_not_used_for_this_machine()
    {
        var (code, _, error) = await app.Shell("HTTP_PROXY=http://127.0.0.1:1 http_proxy=http://127.0.0.1:1 $AEGIS auth status");

        code.Should().Be(0, error);
    }

    [UnixFact]
    public async Task An_event_that_was_not_forwarded_is_explained_and_sent_again_from_the_cursor()
    {
        await using var receiver = await Receiver.Start();
        var port = new Uri(receiver.Url).Port;
        var missed = await Listen($"127.0.0.1:{Ports.Reserve()}/hook", "unforwarded-1", " → not reached: nothing listens at 127.0.0.1:");
        await Listen($"https://127.0.0.1:{port}/", "unforwarded-2",
            $" → not reached: no TLS with 127.0.0.1:{port}; if it uses plain HTTP, forward to http://127.0.0.1:{port}");

        using var process = app.Start("webhooks", "listen", "--forward-to", receiver.Url, "--event", "credential.*", "--cursor", missed);

        (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)).Should().Contain("credential.created").And.EndWith(" → 200");
        process.Kill(entireProcessTree: true);
    }

    /// <summary>Listens until one event was shown, and returns the cursor that is printed at the end.</summary>
    private async Task<string> Listen(string to, string credential, string outcome)
    {
        using var process = app.Start("webhooks", "listen", "--forward-to", to, "--event", "credential.*");
        await process.StandardError.ReadLineAsync().WaitAsync(Patience);
        (await app.As("admin")
            .Post("/v1/credentials", new { name = credential, credential_type = "api_key", provider = "env", value = "p4ssw0rd-of-16-c" }))
            .ShouldBe(HttpStatusCode.Created);
        (await process.StandardOutput.ReadLineAsync().WaitAsync(Patience)).Should().Contain(outcome);

        await process.Signal("INT");

        await process.WaitForExitAsync().WaitAsync(Patience);
        var said = await process.StandardError.ReadToEndAsync();
        said.Should().Contain("Events not forwarded: 1.");
        return said.Split("--cursor ")[1].Split('\n')[0];
    }
}
