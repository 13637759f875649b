namespace Aegis.Benchmarks.Processes;

/// <summary>The real host with its sandbox, used as the two organizations that exchange a study.</summary>
internal sealed class AegisHost : IAsyncDisposable
{
    private const string Provider = "provider";
    private const string Consumer = "consumer";
    private const string Unlimited = "100000000";

    private readonly Dictionary<string, string> tokens = [];
    private readonly JsonElement keys;

    private AegisHost(Server server, string dataDirectory)
    {
        (Server, DataDirectory) = (server, dataDirectory);
        keys = JsonDocument.Parse(File.ReadAllText(Path.Combine(dataDirectory, "sandbox.json"))).RootElement.GetProperty("keys");
    }

    public Server Server { get; }

    public string DataDirectory { get; }

    public string DatabaseFile => Path.Combine(DataDirectory, "aegis.db");

    public string ConsumerKey => keys.GetProperty(Consumer).GetString()!;

    /// <summary>Starts the host on a folder. The folder is kept when the host ends.</summary>
    /// <param name="dataDirectory">The folder.</param>
    /// <param name="programs">Folder of a published host; null for the host that was built with this program.</param>
    /// <param name="settings">More settings, as environment variables.</param>
    public static async Task<AegisHost> Start(
        string dataDirectory, string? programs = null, IReadOnlyDictionary<string, string>? settings = null)
    {
        var port = Server.FreePort();
        var start = new ProcessStartInfo("dotnet", [Path.Combine(programs ?? AppContext.BaseDirectory, "Aegis.Host.dll")])
        {
            WorkingDirectory = dataDirectory,
            Environment =
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development", // the sandbox has organizations and keys
                ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}",
                ["DataDirectory"] = dataDirectory,
                ["RateLimits__PerKey"] = Unlimited,
                ["RateLimits__Burst"] = Unlimited,
                ["RateLimits__PerAddress"] = Unlimited,
                ["RateLimits__PerTicket"] = Unlimited,
            },
        };
        foreach (var (key, value) in settings ?? new Dictionary<string, string>()) start.Environment[key] = value;
        return new AegisHost(await Server.Start(start, port, "/readyz"), dataDirectory);
    }

    public Task<string> ConsumerToken() => Token(Consumer);

    /// <summary>Token of the platform's admin, who has every scope.</summary>
    public Task<string> AdminToken() => Token("admin");

    public Task<string> ProviderToken() => Token(Provider);

    /// <summary>Requests the synthetic patient's study and returns the request's id.</summary>
    public async Task<string> Ask()
    {
        const string Body = """
            {"providerId":"prov_123","patient":{"lastName":"Doe","firstName":"Jane","dob":"1971-03-05"},"reason":"Benchmark","purposeOfUse":"ai_review"}
            """;
        return (await Call(Requests.Post("/v1/requests", await ConsumerToken(), Body))).GetProperty("id").GetString()!;
    }

    /// <summary>Creates a session for the consumer's token.</summary>
    public async Task CreateSession() => await Call(Requests.Post(
        "/aegis.v1.IdentityGatewayService/CreateSession", await ConsumerToken(), """{"deviceId":"benchmark"}""",
        "Connect-Protocol-Version: 1\r\n"));

    /// <summary>Opens a transfer and returns the path of its content.</summary>
    public async Task<string> Open(string transferId)
    {
        var opened = await Call(Requests.Post($"/v1/transfers/{transferId}/open", await ConsumerToken(), ""));
        return new Uri(Find(opened, "url")!).PathAndQuery;
    }

    public async Task<JsonElement> Call(ReadOnlyMemory<byte> request)
    {
        using var connection = await Connection.Open(Server.Port);
        using var body = new MemoryStream();
        var answer = await connection.Send(request, body);
        if (answer.Status >= 300)
            throw new InvalidOperationException($"Answered {answer.Status}: {System.Text.Encoding.UTF8.GetString(body.ToArray())}");
        return JsonDocument.Parse(body.ToArray()).RootElement;
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    private async Task<string> Token(string role)
    {
        if (tokens.TryGetValue(role, out var known)) return known;
        var issued = await Call(Requests.Token(keys.GetProperty(role).GetString()!));
        return tokens[role] = issued.GetProperty("access_token").GetString()!;
    }

    private static string? Find(JsonElement element, string name)
    {
        if (element.ValueKind is not JsonValueKind.Object) return null;
        if (element.TryGetProperty(name, out var found) && found.ValueKind is JsonValueKind.String) return found.GetString();
        return element.EnumerateObject().Select(p => Find(p.Value, name)).FirstOrDefault(text => text is not null);
    }
}
