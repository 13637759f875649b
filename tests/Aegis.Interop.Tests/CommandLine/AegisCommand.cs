namespace Aegis.Interop.Tests.CommandLine;

/// <summary>
/// The command line as its users run it: a separate process with a separate home folder. <see cref="Person"/> runs it in the test process
/// instead. Both log in at an <see cref="OidcProvider"/>; a <see cref="GnomeKeyring"/> stores the key.
/// </summary>
internal sealed class AegisCommand : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    public AegisCommand() => Directory.CreateDirectory(Home);

    public string Home { get; } =
        Path.Combine(AppContext.BaseDirectory, "homes", Aegis.Kernel.Identifiers.Ids.New("usr", TimeProvider.System.GetUtcNow()));

    public Dictionary<string, string> Variables { get; } = [];

    public string StoreFile => Path.Combine(Home, ".aegis", "auth.json");

    public Process Start(params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "aegis.dll"), .. args])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["HOME"] = Home, ["DBUS_SESSION_BUS_ADDRESS"] = "", ["XDG_RUNTIME_DIR"] = "" },
        };
        foreach (var inherited in new[] { "AEGIS_KEY", "AEGIS_ENV", "AEGIS_AUTH_KEY" }) start.Environment.Remove(inherited);
        foreach (var (name, value) in Variables) start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public async Task<(int Code, string Out, string Error)> Run(params string[] args)
    {
        using var process = Start(args);
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timeout = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }

    public void Dispose() => Directory.Delete(Home, recursive: true);
}
