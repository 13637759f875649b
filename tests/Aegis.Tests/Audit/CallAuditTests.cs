using Aegis.Host.Edge;

namespace Aegis.Tests.Audit;

public sealed class CallAuditTests : IAsyncLifetime
{
    private AuditHost host = null!;

    public async Task InitializeAsync() => host = await AuditHost.Start();

    public async Task DisposeAsync() => await host.DisposeAsync();

    [Fact]
    public async Task Each_call_has_one_entry_with_its_route_object_and_actor()
    {
        var caller = host.As("cons_456");
        await caller.Get("/v1/things/thg_one");

        var entry = (await Entries(caller)).Should().ContainSingle().Subject;

        entry.GetProperty("action").GetString().Should().Be("GET /v1/things/{id}");
        entry.GetProperty("kind").GetString().Should().Be("call");
        entry.GetProperty("object").GetString().Should().Be("thg_one");
        entry.GetProperty("outcome").GetString().Should().Be("success");
        entry.GetProperty("organization").GetString().Should().Be("cons_456");
        entry.GetProperty("details").GetProperty("status").GetInt32().Should().Be(200);
        var actor = entry.GetProperty("actor");
        actor.GetProperty("keyId").GetString().Should().Be("key_cons_456");
        actor.GetProperty("address").GetString().Should().Be("127.0.0.1");
        actor.GetProperty("requestId").GetString().Should().NotBeNullOrEmpty();
    }

    [Fact]
    public async Task The_entry_of_a_call_that_creates_an_object_names_the_object()
    {
        var caller = host.As("cons_456");
        var made = await caller.Post("/v1/things", new { name = "x" });

        made.Id.Should().Be("thg_new");
        (await Entries(caller))[0].GetProperty("object").GetString().Should().Be("thg_new");
    }

    [Theory]
    [InlineData("/v1/things/thg_gone", HttpStatusCode.NotFound, "refused", "not_found")]
    [InlineData("/v1/nowhere", HttpStatusCode.NotFound, "refused", null)]
    [InlineData("/v1/half", HttpStatusCode.InternalServerError, "failed", "internal_error")]
    public async Task A_refused_or_failed_call_is_recorded_with_its_code(string path, HttpStatusCode status, string outcome, string? code)
    {
        var caller = host.As("cons_456");
        var answer = await caller.Get(path);

        answer.Status.Should().Be(status);
        answer.Text.Should().NotContain("half an answer");
        var entry = (await Entries(caller)).Should().ContainSingle().Subject;
        entry.GetProperty("outcome").GetString().Should().Be(outcome);
        entry.GetProperty("code").GetString().Should().Be(code);
    }

    [Fact]
    public async Task A_call_without_a_stored_entry_is_refused_and_later_calls_succeed()
    {
        var caller = host.As("cons_456");
        await host.HidePending();
        var refused = await caller.Get("/v1/things/thg_one");
        await host.ShowPending();
        var answered = await caller.Get("/v1/things/thg_one");

        refused.ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "audit_unavailable");
        refused.Text.Should().NotContain("thg_one");
        answered.ShouldBe(HttpStatusCode.OK);
        (await Entries(caller)).Should().ContainSingle();
    }

    [Fact]
    public async Task A_stream_is_sent_while_it_is_produced()
    {
        using var response = await host.As("cons_456").SendStreaming(new HttpRequestMessage(HttpMethod.Get, "/v1/content/t0p5ecret"));
        await using var body = await response.Content.ReadAsStreamAsync();
        var first = new byte[5];

        await body.ReadExactlyAsync(first).AsTask().WaitAsync(TimeSpan.FromSeconds(5));

        first.Should().Equal("first"u8.ToArray());
        host.GoOn.SetResult();
        using var rest = new StreamReader(body);
        (await rest.ReadToEndAsync()).Should().Be(" last");
        (await Entries(host.As("cons_456"))).Should().BeEmpty("a stream writes its own entries");
    }

    [Fact]
    public async Task A_refused_stream_is_audited_without_its_path()
    {
        var caller = host.As("cons_456");
        (await caller.Get("/v1/content/bad")).ShouldBeRefused(HttpStatusCode.Forbidden, "ticket_expired");

        var entry = (await Entries(caller)).Should().ContainSingle().Subject;

        entry.GetProperty("action").GetString().Should().Be("GET /v1/content/{ticket}");
        entry.GetProperty("code").GetString().Should().Be("ticket_expired");
    }

    [Fact]
    public async Task A_refused_stream_whose_entry_cannot_be_stored_gets_503()
    {
        await host.HidePending();

        (await host.As("cons_456").Get("/v1/content/bad")).ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "audit_unavailable");
    }

    [Fact]
    public async Task Unauthenticated_calls_become_one_entry_of_the_platform()
    {
        for (var i = 0; i < 7; i++) (await host.Anonymous.Get("/v1/things/thg_one")).Status.Should().Be(HttpStatusCode.Unauthorized);
        await host.Services.GetRequiredService<CallAuditRefusals>().Store(default);

        var entry = (await Entries(host.As("org_platform"))).Should().ContainSingle().Subject;

        entry.GetProperty("action").GetString().Should().Be("call.unauthenticated");
        entry.GetProperty("details").GetProperty("calls").GetInt32().Should().Be(7);
        entry.GetProperty("details").GetProperty("address").GetString().Should().Be("127.0.0.1");
        entry.GetProperty("actor").ValueKind.Should().Be(JsonValueKind.Null);
        (await Entries(host.As("cons_456"))).Should().BeEmpty();
    }

    [Fact]
    public async Task A_count_that_cannot_be_stored_is_kept_for_the_next_entry()
    {
        await host.Anonymous.Get("/v1/things/thg_one");
        await host.HidePending();
        await host.Services.GetRequiredService<CallAuditRefusals>().Store(default);
        await host.ShowPending();
        await host.Anonymous.Get("/v1/things/thg_one");
        await host.Services.GetRequiredService<CallAuditRefusals>().Store(default);

        (await Entries(host.As("org_platform")))[0].GetProperty("details").GetProperty("calls").GetInt32().Should().Be(2);
    }

    [Fact]
    public async Task A_liveness_check_is_not_recorded()
    {
        (await host.As("cons_456").Get("/livez")).ShouldBe(HttpStatusCode.OK);

        (await Entries(host.As("cons_456"))).Should().BeEmpty();
    }

    [Fact]
    public async Task Nothing_that_a_caller_sends_is_stored_in_the_trail()
    {
        var caller = host.As("cons_456").With("X-Note", "ZZYZXHEADER");
        await caller.Post("/v1/things?note=ZZYZXQUERY", new { name = "ZZYZXBODY" });
        await caller.Get("/v1/things/ZZYZXROUTE");
        await caller.Get("/v1/ZZYZXPATH");
        await caller.Get("/v1/content/bad?ZZYZX=1");
        (await Entries(caller)).Should().HaveCount(4);

        (await host.Bytes()).Should().Contain("/v1/things").And.NotContain("ZZYZX");
    }

    /// <summary>The entries so far. The entry of the reading call itself is written after its answer was produced.</summary>
    private static async Task<List<JsonElement>> Entries(ApiClient caller) =>
        [.. (await caller.Get("/v1/audit")).ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray()];
}
