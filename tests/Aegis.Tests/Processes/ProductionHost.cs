namespace Aegis.Tests.Processes;

/// <summary>A host in Production mode: keys outside the data directory, no sandbox, the shipped log levels, one admin.</summary>
public sealed class ProductionHost : IAsyncDisposable
{
    private readonly string folder;
    private readonly int startLines;

    private ProductionHost(string folder, HostProcess process, string adminKey)
    {
        (this.folder, Process, AdminKey) = (folder, process, adminKey);
        startLines = Lines().Count;
    }

    public HostProcess Process { get; }

    /// <summary>API key of the platform's admin, with every scope.</summary>
    public string AdminKey { get; }

    /// <summary>Starts a host on an empty database.</summary>
    /// <param name="settings">More environment variables, with <c>__</c> for each colon.</param>
    public static async Task<ProductionHost> Start(params (string Key, string Value)[] settings)
    {
        var folder = HostProcess.NewDataDirectory();
        var environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["PublicUrl"] = "https://aegis.example",
            ["Database__Provider"] = "Sqlite",
            ["ConnectionStrings__Aegis"] = $"Data Source={Path.Combine(folder, "aegis.db")};Default Timeout=30",
            ["Keys__Directory"] = $"{folder}-keys",
        };
        foreach (var (key, value) in settings) environment[key] = value;
        Directory.CreateDirectory(folder);
        await Command(folder, environment, "keys", "create");
        await Command(folder, environment, "migrate");
        var founded = await Command(folder, environment, "platform", "init", "--name=Fuzz", "--email=admin@example.org");
        var process = await HostProcess.Start(folder, environment);
        return new ProductionHost(folder, process, founded.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].Trim());
    }

    public ApiClient Admin => new(new HttpClient { BaseAddress = new Uri(Process.BaseUrl) }, AdminKey);

    /// <summary>Log lines since the host was ready, without the line about strangers that is written every minute.</summary>
    public IReadOnlyList<string> LinesSinceStart() =>
        [.. Lines().Skip(startLines).Where(l => !l.Contains("Aegis.Kernel.Web.Http.StrangerCalls", StringComparison.Ordinal))];

    public IReadOnlyList<string> Lines() => Process.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Total size of all files in the data directory.</summary>
    public long StoredBytes() => new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        Directory.Delete(folder, recursive: true);
        Directory.Delete($"{folder}-keys", recursive: true);
    }

    private static async Task<string> Command(string folder, Dictionary<string, string> environment, params string[] command)
    {
        var (exitCode, output) = await HostProcess.Run(folder, environment, command);
        return exitCode == 0
            ? output
            : throw new InvalidOperationException($"{string.Join(' ', command)} ended with {exitCode}:\n{output}");
    }
}
