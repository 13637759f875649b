using System.Collections.Concurrent;
using System.Diagnostics;

namespace Aegis.Tests.Processes;

/// <summary>
/// The host as a separate process, which can be killed. <see cref="ProductionHost"/> starts one in Production mode, and <see
/// cref="PastedDocument"/> runs the commands of a page against one. The folder Faults contains the campaigns that kill or disturb hosts
/// under load; tests here run short versions of them. Starting a host fails if it is not ready within three minutes.
/// </summary>
public sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Ready = TimeSpan.FromSeconds(180); // takes one second on an idle machine

    // Hosts on one folder share its database. SQL Server databases are dropped when the tests end.
    private static readonly ConcurrentDictionary<string, Lazy<Task<TestDatabase>>> Databases = new();

    private readonly StringBuilder output = new();
    private readonly Process process;

    private HostProcess(string dataDirectory, int port, IReadOnlyDictionary<string, string> settings)
    {
        DataDirectory = dataDirectory;
        BaseUrl = $"http://127.0.0.1:{port}";
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aegis.Host.dll")])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ASPNETCORE_URLS"] = BaseUrl,
                ["DataDirectory"] = dataDirectory,
            },
        };
        foreach (var (key, value) in settings) start.Environment[key] = value;
        process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => Append(line.Data);
        process.ErrorDataReceived += (_, line) => Append(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string DataDirectory { get; }

    public int Id => process.Id;

    public string BaseUrl { get; }

    public int ProcessId => process.Id;

    /// <summary>Exit code of a host that has ended.</summary>
    public int ExitCode => process.ExitCode;

    public string Output
    {
        get
        {
            lock (output) return output.ToString();
        }
    }

    public static string NewDataDirectory() =>
        Path.Combine(AppContext.BaseDirectory, "processes", Aegis.Kernel.Identifiers.Ids.New("run", TimeProvider.System.GetUtcNow()));

    /// <summary>Starts without waiting, so that the host can be killed during its start.</summary>
    public static async Task<HostProcess> Launch(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var database = await Databases.GetOrAdd(dataDirectory, folder => new(() => TestDatabase.Create(folder))).Value;
        var all = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        foreach (var (key, value) in database.Settings) all.TryAdd(key.Replace(":", "__", StringComparison.Ordinal), value);
        return new HostProcess(dataDirectory, Ports.Reserve(), all);
    }

    /// <summary>Starts and waits until it is ready.</summary>
    public static async Task<HostProcess> Start(string dataDirectory, IReadOnlyDictionary<string, string>? settings = null)
    {
        var host = await Launch(dataDirectory, settings);
        try
        {
            await host.WaitUntilReady();
            return host;
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a command of the host on a folder, even while other hosts use it.</summary>
    public static Task<(int ExitCode, string Output)> Run(string dataDirectory, params string[] command) =>
        Run(dataDirectory, new Dictionary<string, string>(), command);

    /// <summary>The same, with additional environment variables.</summary>
    public static async Task<(int ExitCode, string Output)> Run(
        string dataDirectory, IReadOnlyDictionary<string, string> environment, params string[] command)
    {
        var database = await Databases.GetOrAdd(dataDirectory, folder => new(() => TestDatabase.Create(folder))).Value;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Aegis.Host.dll"), .. command])
        {
            RedirectStandardOutput = true,
            WorkingDirectory = AppContext.BaseDirectory,
            Environment = { ["ASPNETCORE_ENVIRONMENT"] = "Development", ["DataDirectory"] = dataDirectory },
        };
        foreach (var (key, value) in database.Settings) start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        foreach (var (key, value) in environment) start.Environment[key] = value;
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output);
    }

    public async Task WaitUntilReady()
    {
        using var http = new HttpClient { BaseAddress = new Uri(BaseUrl) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < Ready)
        {
            if (process.HasExited) throw new InvalidOperationException($"The host ended with {process.ExitCode}:\n{Output}");
            try
            {
                if ((await http.GetAsync("/readyz")).StatusCode == HttpStatusCode.OK) return;
            }
            catch (HttpRequestException)
            {
                // It does not listen yet.
            }

            await Task.Delay(50);
        }

        throw new TimeoutException($"The host was not ready within {Ready}:\n{Output}");
    }

    /// <summary>A client with a sandbox key: provider, consumer, outsider, operator or admin.</summary>
    public ApiClient As(string role) => new(new HttpClient { BaseAddress = new Uri(BaseUrl) }, Key(role));

    /// <summary>The sandbox key of a role.</summary>
    public string Key(string role) =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(DataDirectory, "sandbox.json"))).RootElement.GetProperty("keys").GetProperty(role)
            .GetString()!;

    /// <summary>kill -9: the process ends without flushing or logging anything.</summary>
    public async Task Kill()
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync();
    }

    /// <summary>Waits until the process ends; false on timeout.</summary>
    public async Task<bool> Ends(TimeSpan within)
    {
        using var patience = new CancellationTokenSource(within);
        try
        {
            await process.WaitForExitAsync(patience.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>SIGSTOP: pauses the process, without its knowledge, until <see cref="Continue"/>.</summary>
    public Task Stop() => Signal("STOP");

    public Task Continue() => Signal("CONT");

    public async ValueTask DisposeAsync()
    {
        await Kill();
        process.Dispose();
    }

    private async Task Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{process.Id}"]);
        await kill.WaitForExitAsync();
    }

    private void Append(string? line)
    {
        lock (output) output.AppendLine(line);
    }
}
