namespace Aegis.Benchmarks.Measures;

/// <summary>A request to a host with many rows.</summary>
internal sealed record Question(string What, string Path, bool AsProvider = false);

internal sealed class GrownHost(AegisHost host, string transferId, int rows) : IAsyncDisposable
{
    public AegisHost Host => host;

    public Task<string> Token(bool asProvider) => asProvider ? host.ProviderToken() : host.ConsumerToken();

    /// <summary>Every list with its filters, its first page and a middle page, and the look-ups.</summary>
    public async Task<List<Question>> Paths() =>
    [
        new("GET /v1/requests", "/v1/requests"),
        new("the same, a page of the middle", $"/v1/requests?cursor={Cursor(Rows.Id("req", rows / 2))}"),
        .. from status in (string[])["pending", "accepted", "fulfilling", "fulfilled", "declined", "cancelled", "expired"]
           select new Question($"the same, status={status}", $"/v1/requests?status={status}"),
        new("the provider's worklist", "/v1/requests?status=pending", AsProvider: true),
        new("GET /v1/inbox", "/v1/inbox"),
        new("the same, a page of the middle", $"/v1/inbox?cursor={Cursor(Rows.Id("trf", rows / 2))}"),
        new("GET /v1/requests/{id}", $"/v1/requests/{Rows.Id("req", rows / 3)}"),
        new("GET /v1/transfers/{id}", $"/v1/transfers/{transferId}"),
        new("GET /v1/audit", "/v1/audit"),
        new("the same, a deep page", "/v1/audit" + await DeepCursor()),
        new("the same, object=", $"/v1/audit?object={Rows.RareObject}"),
        new("the same, actor=key_…", $"/v1/audit?actor={Rows.RareKey}"),
        new("the same, action=", $"/v1/audit?action={Rows.RareAction}"),
        new("the same, outcome=refused", "/v1/audit?outcome=refused"),
        new("the same, from= and to=", $"/v1/audit?from={Time(0.4)}&to={Time(0.6)}"),
        new("GET /v1/audit/{id}/proof", $"/v1/audit/{await Hashed()}/proof"),
        new("GET /v1/audit/tlog/tile/0/000", "/v1/audit/tlog/tile/0/000"),
        new("GET /v1/audit/tlog/tile/entries/000", "/v1/audit/tlog/tile/entries/000"),
    ];

    public ValueTask DisposeAsync() => host.DisposeAsync();

    /// <summary>Id of an entry that can be proved. Returns once the inserted entries are hashed.</summary>
    private async Task<string> Hashed()
    {
        var token = await host.ConsumerToken();
        var page = await host.Call(Requests.Get("/v1/audit?limit=1", token));
        var id = page.GetProperty("items")[0].GetProperty("id").GetString()!;
        using var connection = await Connection.Open(host.Server.Port);
        while ((await connection.Send(Requests.Get($"/v1/audit/{id}/proof", token))).Status != 200) await Task.Delay(1_000);
        return id;
    }

    private static string Cursor(string position) =>
        Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(position)).TrimEnd('=').Replace('+', '-').Replace('/', '_');

    private static string Time(double part) => Rows.Time(part).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");

    private async Task<string> DeepCursor()
    {
        JsonElement page = default;
        for (var i = 0; i < 3; i++)
        {
            var cursor = page.ValueKind is JsonValueKind.Undefined ? "" : $"?limit=200&cursor={page.GetProperty("nextCursor").GetString()}";
            page = await host.Call(Requests.Get("/v1/audit" + cursor, await host.ConsumerToken()));
        }

        return $"?cursor={page.GetProperty("nextCursor").GetString()}";
    }
}
