using Aegis.Sdk.Webhooks;

namespace Aegis.Tests.Cli;

public sealed class ListenTests
{
    private const string Ready =
        """{"id":"evt_2","type":"transfer.ready","timestamp":"2026-02-03T04:05:06.789Z","data":{"id":"trf_1","sequence":1}}""";
    private const string Rotated =
        """{"id":"evt_3","type":"credential.rotated","timestamp":"2026-02-03T04:05:07Z","data":{"id":"cred_1"}}""";

    [Fact]
    public async Task Events_are_shown_and_forwarded_with_a_signature_that_verifies()
    {
        using var network = new Network();
        using var terminal = Listening(network);

        var ran = await terminal.Run("webhooks", "listen", "--forward-to", "localhost:3000/hooks", "--event", "transfer.*");

        ran.ShouldEndWith(4).Out
            .Should().Be("2026-02-03T04:05:06.789Z  transfer.ready  evt_2 → 202\n",
                "earlier and unwanted events are not shown");
        var secret = ran.Error.Split('\n').Single(l => l.Contains("whsec_", StringComparison.Ordinal)).Split(' ')[^1];
        var (headers, body) = network.Forwarded.Should().ContainSingle().Subject;
        var happened =
            new WebhookVerifier(secret).Verify(headers["webhook-id"], headers["webhook-timestamp"], headers["webhook-signature"], body);
        (happened.Id, happened.Type, happened.Data.GetProperty("id").GetString()).Should().Be(("evt_2", "transfer.ready", "trf_1"));
        network.Cursors.Should().Equal(null, "c0", "c1");
    }

    [Fact]
    public async Task A_cursor_resumes_an_earlier_run_and_JSON_has_one_event_per_line()
    {
        using var network = new Network();
        using var terminal = Listening(network);

        var ran = await terminal.Run("webhooks", "listen", "--cursor", "c0", "-o", "json");

        ran.Out.TrimEnd('\n').Split('\n')
            .Should().HaveCount(2).And.OnlyContain(l => l.StartsWith("{\"id\":\"evt_", StringComparison.Ordinal));
        network.Cursors.Should().Equal("c0", "c1");
    }

    private static Terminal Listening(Network network)
    {
        var terminal = new Terminal(network);
        terminal["AEGIS_KEY"] = "aegis_test_key";
        return terminal;
    }

    /// <summary>A host with two events after the cursor c0, whose token is refused after them, and a receiver of webhooks.</summary>
    private sealed class Network : HttpMessageHandler
    {
        public List<(Dictionary<string, string> Headers, byte[] Body)> Forwarded { get; } = [];

        public List<string?> Cursors { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Port == 3000)
            {
                Forwarded.Add((request.Headers.ToDictionary(h => h.Key, h => h.Value.Single()),
                    await request.Content!.ReadAsByteArrayAsync(cancellationToken)));
                return new HttpResponseMessage(HttpStatusCode.Accepted);
            }

            var cursor = System.Web.HttpUtility.ParseQueryString(request.RequestUri.Query)["cursor"];
            Cursors.Add(cursor);
            return cursor switch
            {
                null => Page("""{"id":"evt_1","type":"transfer.ready","timestamp":"2026-02-03T04:05:05Z","data":{}}""", "c0"),
                "c0" => Page($"{Ready},{Rotated}", "c1"),
                _ => Sdk.TokenTests.Problem(HttpStatusCode.Unauthorized, "api_key_revoked"),
            };
        }

        private static HttpResponseMessage Page(string items, string next) => new(HttpStatusCode.OK)
        {
            Content = new StringContent($$"""{"items":[{{items}}],"nextCursor":"{{next}}"}""", Encoding.UTF8, "application/json"),
        };
    }
}
