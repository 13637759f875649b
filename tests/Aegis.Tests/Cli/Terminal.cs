using System.Collections.Concurrent;
using Aegis.Cli.Running;
using Aegis.Kernel.Identifiers;

namespace Aegis.Tests.Cli;

/// <summary>
/// Runs <c>aegis</c> in this process with a home folder and variables, and captures what it prints. Most tests of this folder use it.
/// Tests of signals, pipes and exit codes start real processes with <see cref="CliProcess"/> instead. <see cref="Issuer"/> is the OpenID
/// provider that logins meet.
/// </summary>
internal sealed class Terminal : IDisposable
{
    private readonly ConcurrentDictionary<string, string> variables = new(StringComparer.Ordinal);

    public Terminal(HttpMessageHandler? network = null, TimeProvider? clock = null)
    {
        Http = new HttpClient(network ?? new SocketsHttpHandler { AllowAutoRedirect = false });
        Clock = clock ?? TimeProvider.System;
        Directory.CreateDirectory(Home);
    }

    public string Home { get; } = Path.Combine(AppContext.BaseDirectory, "homes", Ids.New("usr", TimeProvider.System.GetUtcNow()));

    public string MachineName { get; set; } = "workstation";

    public HttpClient Http { get; }

    public TimeProvider Clock { get; }

    public string StoreFile => Path.Combine(Home, ".aegis", "auth.json");

    public string? this[string variable]
    {
        set
        {
            if (value is null) variables.TryRemove(variable, out _);
            else variables[variable] = value;
        }
    }

    public async Task<Ran> Run(params string[] args) => await RunWith("", args);

    public async Task<Ran> RunWith(string input, params string[] args)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        using var bytes = new MemoryStream();
        using var errorBytes = new MemoryStream();
        var code = await CommandLine.RunAsync(args, new CommandEnvironment
        {
            Out = TextWriter.Synchronized(output),
            Error = TextWriter.Synchronized(error),
            In = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(input)),
            OutBytes = bytes,
            ErrorBytes = errorBytes,
            Variable = variables.GetValueOrDefault,
            Home = Home,
            MachineName = MachineName,
            Http = Http,
            Clock = Clock,
        });
        return new Ran(code, output + System.Text.Encoding.UTF8.GetString(bytes.ToArray()),
            error + System.Text.Encoding.UTF8.GetString(errorBytes.ToArray()));
    }

    public void Dispose()
    {
        Http.Dispose();
        Directory.Delete(Home, recursive: true);
    }
}

/// <summary>Exit code and output of a call.</summary>
internal sealed record Ran(int Code, string Out, string Error)
{
    public Ran ShouldEndWith(int code)
    {
        Code.Should().Be(code, "it printed {0}{1}", Out, Error);
        return this;
    }

    public override string ToString() => $"{Code}: {Out}{Error}"; // Json would fail for other output

    public System.Text.Json.JsonElement Json => System.Text.Json.JsonDocument.Parse(Out).RootElement;
}
