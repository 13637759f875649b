using System.Collections.Concurrent;
using Aegis.Cli.Running;

namespace Aegis.Interop.Tests.CommandLine;

/// <summary>Runs the command line in this process, with its own variables and home folder.</summary>
internal sealed class Person : IDisposable
{
    private const string Waits = "Waiting for authentication...";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });

    public Person() => Directory.CreateDirectory(Home);

    public string Home { get; } =
        Path.Combine(AppContext.BaseDirectory, "homes", Kernel.Identifiers.Ids.New("usr", TimeProvider.System.GetUtcNow()));

    public ConcurrentDictionary<string, string> Variables { get; } = new(StringComparer.Ordinal);

    public TimeSpan KeyringPatience { get; init; } = TimeSpan.FromMinutes(1);

    public string StoreFile => Path.Combine(Home, ".aegis", "auth.json");

    public Task<(int Code, string Out, string Error)> Run(params string[] args) => Run(new StringWriter(), args);

    /// <summary>Logs in, and approves on the provider's page when the command waits for it.</summary>
    public async Task<(int Code, string Out, string Error)> Login(OidcProvider provider)
    {
        var output = new StringWriter();
        var running = Run(output, "auth", "login", "--env", provider.Host);
        using var patience = new CancellationTokenSource(Patience);
        while (!running.IsCompleted && !Said(output).Contains(Waits, StringComparison.Ordinal)) await Task.Delay(20, patience.Token);
        if (!running.IsCompleted) await provider.Act("approve", Said(output));
        return await running.WaitAsync(Patience);
    }

    public void Dispose()
    {
        http.Dispose();
        Directory.Delete(Home, recursive: true);
    }

    private static string Said(StringWriter output)
    {
        lock (output) return output.ToString();
    }

    private async Task<(int Code, string Out, string Error)> Run(StringWriter output, params string[] args)
    {
        var error = new StringWriter();
        var code = await Task.Run(() => Cli.Running.CommandLine.RunAsync(args, new CommandEnvironment
        {
            Out = new Locked(output),
            Error = TextWriter.Synchronized(error),
            In = Stream.Null,
            OutBytes = Stream.Null,
            ErrorBytes = Stream.Null,
            Variable = Variables.GetValueOrDefault,
            Home = Home,
            MachineName = "workstation",
            KeyringPatience = KeyringPatience,
            Http = http,
        }));
        return (code, Said(output), error.ToString());
    }

    /// <summary>A writer that can be read while it is written.</summary>
    private sealed class Locked(StringWriter to) : TextWriter
    {
        public override System.Text.Encoding Encoding => to.Encoding;

        public override void Write(char value)
        {
            lock (to) to.Write(value);
        }

        public override void Write(string? value)
        {
            lock (to) to.Write(value);
        }
    }
}
