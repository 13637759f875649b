using System.Text.RegularExpressions;

namespace Aegis.Interop.Tests.CommandLine;

/// <summary>The npm package oidc-provider with its device flow, and the user who approves on its pages.</summary>
internal sealed partial class OidcProvider : IAsyncDisposable
{
    private readonly Process node;
    private readonly HttpClient http = new();
    private readonly int port;

    private OidcProvider(Process node, int port) => (this.node, this.port) = (node, port);

    public string Host => $"127.0.0.1:{port}";

    public static async Task<OidcProvider> Start(int lifetime)
    {
        var node = Tool.Start(Path.Combine(Tool.Folder, "npm"), "node", "oidc-provider.mjs", $"{lifetime}");
        _ = node.StandardError.ReadToEndAsync();
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1))
            ?? throw new InvalidOperationException("The provider did not start.");
        return new OidcProvider(node, JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32());
    }

    /// <summary>Logs in like a user: starts the command, reads the code, opens the page.</summary>
    public async Task<(int Code, List<string> Lines, string Error)> Login(AegisCommand aegis, string act = "approve")
    {
        using var process = aegis.Start("auth", "login", "--env", Host);
        var error = process.StandardError.ReadToEndAsync();
        var lines = new List<string>();
        while (await process.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(2)) is { } line)
        {
            lines.Add(line);
            if (line.EndsWith("Waiting for authentication...", StringComparison.Ordinal)) await Act(act, string.Join('\n', lines));
        }

        await process.WaitForExitAsync();
        return (process.ExitCode, lines, await error);
    }

    /// <summary>Approves or denies the login whose code was printed.</summary>
    public Task Act(string act, string printed) => Get($"/{act}?user_code={UserCode().Match(printed).Groups[1].Value}");

    public Task SetLifetime(int seconds) => Get($"/lifetime?seconds={seconds}");

    public async Task<int> Count(string what) => JsonDocument.Parse(await Get("/counts")).RootElement.GetProperty(what).GetInt32();

    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        node.Dispose();
        http.Dispose();
    }

    private Task<string> Get(string path) => http.GetStringAsync(new Uri($"http://{Host}{path}"));

    [GeneratedRegex("code: (\\S+)")]
    private static partial Regex UserCode();
}
