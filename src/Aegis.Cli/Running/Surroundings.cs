namespace Aegis.Cli.Running;

/// <summary>What a command has around it: streams, variables, the user's folder, the clock and the network.</summary>
internal sealed record Surroundings
{
    /// <summary>Results go here and nothing else.</summary>
    public required TextWriter Out { get; init; }

    /// <summary>What is said to people: progress, notes, refusals.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Where secrets are read from, byte for byte.</summary>
    public required Stream In { get; init; }

    /// <summary>What a program that was run writes, byte for byte. Throws when nobody reads any more.</summary>
    public required Stream OutBytes { get; init; }

    public required Stream ErrorBytes { get; init; }

    public required Func<string, string?> Variable { get; init; }

    /// <summary>Holds <c>.aegis</c>.</summary>
    public required string Home { get; init; }

    public required string MachineName { get; init; }

    /// <summary>Whether a person looks at the output.</summary>
    public bool IsInteractive { get; init; }

    /// <summary>Whether a person types the input.</summary>
    public bool IsTyped { get; init; }

    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>How long the system's keyring may take before it counts as absent.</summary>
    public TimeSpan KeyringPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Sends all calls.</summary>
    public required HttpClient Http { get; init; }

    public string Folder => Path.Combine(Home, ".aegis");

    public static Surroundings OfThisProcess()
    {
        if (OperatingSystem.IsWindows()) Console.OutputEncoding = System.Text.Encoding.UTF8; // elsewhere it is
        return Here();
    }

    private static Surroundings Here() => new()
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

    /// <summary>A line that a person types, without its end; null when the input has ended.</summary>
    public async Task<string?> ReadLineAsync(CancellationToken ct)
    {
        using var reader = new StreamReader(In, System.Text.Encoding.UTF8, leaveOpen: true);
        return await reader.ReadLineAsync(ct);
    }

    /// <summary>A variable that is set to something, or null.</summary>
    public string? Given(string variable) => Variable(variable) is { Length: > 0 } value ? value : null;
}

/// <summary>The user's proxy (<c>HTTP_PROXY</c>), which cannot reach what listens on this machine.</summary>
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
