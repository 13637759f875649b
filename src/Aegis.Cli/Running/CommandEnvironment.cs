namespace Aegis.Cli.Running;

/// <summary>A command's access to the process: streams, variables, the user's folder, the clock and the network.</summary>
internal sealed record CommandEnvironment
{
    /// <summary>Only results are written here.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>Messages to people: progress, notes, refusals.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Secrets are read from here, byte for byte.</summary>
    public required Stream In { get; init; }

    /// <summary>Receives the output of a child program, byte for byte. Throws when the reader has gone.</summary>
    public required Stream OutBytes { get; init; }

    public required Stream ErrorBytes { get; init; }

    public required Func<string, string?> Variable { get; init; }

    /// <summary>The folder that contains <c>.aegis</c>.</summary>
    public required string Home { get; init; }

    public required string MachineName { get; init; }

    /// <summary>Whether a person reads the output.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a person types the input.</summary>
    public bool IsTyped { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long the system's keyring may take before it counts as missing.</summary>
    public TimeSpan KeyringPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Sends all calls.</summary>
    public required HttpClient Http { get; init; }

    public string Folder => Path.Combine(Home, ".aegis");

    public static CommandEnvironment OfThisProcess()
    {
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = System.Text.Encoding.UTF8; // other systems already use it
        return Here();
    }

    private static CommandEnvironment Here() => new()
    {
        Out = Console.Out,
        Error = Console.Error,
        In = Descriptors.Input(),
        OutBytes = Descriptors.Output(),
        ErrorBytes = Descriptors.Error(),
        Variable = Environment.GetEnvironmentVariable,
        Home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify),
        MachineName = Environment.MachineName,
        IsInteractive = !Console.IsOutputRedirected && !Console.IsErrorRedirected,
        IsTyped = !Console.IsInputRedirected && !Console.IsErrorRedirected,
        Http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = TimeSpan.FromSeconds(15),
            Proxy = new ProxyExceptLoopback(HttpClient.DefaultProxy),
        })
        { Timeout = Timeout.InfiniteTimeSpan },
    };

    /// <summary>A typed line without its line end; null at the end of the input.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(In, System.Text.Encoding.UTF8, leaveOpen: true);
        return await reader.ReadLineAsync(ct);
    }

    /// <summary>The value of a variable; null when it is missing or empty.</summary>
    public string? Given(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}

/// <summary>The user's proxy (<c>HTTP_PROXY</c>), which is bypassed for this machine's own addresses.</summary>
internal sealed class ProxyExceptLoopback(System.Net.IWebProxy proxy) : System.Net.IWebProxy
{
    public System.Net.ICredentials? Credentials
    {
        get => proxy.Credentials;
        set => proxy.Credentials = value;
    }

    public Uri? GetProxy(Uri destination) => destination.IsLoopback ? null : proxy.GetProxy(destination);

    public bool IsBypassed(Uri host) => host.IsLoopback || proxy.IsBypassed(host);
}
