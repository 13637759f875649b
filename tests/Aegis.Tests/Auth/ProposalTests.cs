namespace Aegis.Tests.Auth;

/// <summary>Proposing and approving partnerships.</summary>
public sealed class ProposalTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Partnerships = "/v1/partnerships";

    [Fact]
    public async Task A_proposal_becomes_active_when_the_other_side_approves()
    {
        var (consumer, client) = await auth.Member();
        var provider = await As("prov_123");

        var proposed = (await client.Post(Partnerships, Proposal(deidentification: new { dates = "shift", retainUids = true }))).ShouldBe(
            HttpStatusCode.Created);

        (proposed["status"], proposed["proposedBy"], proposed["consumerId"], proposed["providerId"])
            .Should().Be(("proposed", consumer, consumer, "prov_123"));
        (proposed["consumerBaaUntil"], proposed["providerBaaUntil"]).Should().Be((Applying.Day(auth.Clock, 100), null));
        (await client.Post("/v1/requests", Asking)).ShouldBeRefused(HttpStatusCode.Forbidden, "no_partnership");
        var seen = (await provider.Get($"{Partnerships}/{proposed.Id}")).ShouldBe(HttpStatusCode.OK);
        (seen["deidentification.dates"], seen["deidentification.retainUids"]).Should().Be(("shift", "True"));

        var approved = (await provider.With("If-Match", seen.Headers.ETag!.Tag)
            .Post($"{Partnerships}/{proposed.Id}/approve", new { baaUntil = Applying.Day(auth.Clock, 50) })).ShouldBe(HttpStatusCode.OK);

        (approved["status"], approved["providerBaaUntil"]).Should().Be(("active", Applying.Day(auth.Clock, 50)));
        (await client.Post("/v1/requests", Asking)).ShouldBe(HttpStatusCode.Created);
        (await Happened(proposed.Id)).Should().Equal("partnership.created", "partnership.approved");
    }

    [Fact]
    public async Task A_provider_can_propose_too()
    {
        var (provider, client) = await auth.Member("provider");

        var proposed = (await client.Post(Partnerships, Proposal("cons_456", "provider"))).ShouldBe(HttpStatusCode.Created);

        (proposed["consumerId"], proposed["providerId"]).Should().Be(("cons_456", provider));
        (await (await As("cons_456")).Post($"{Partnerships}/{proposed.Id}/approve", Baa(10))).ShouldBe(HttpStatusCode.OK)["status"]
            .Should().Be("active");
    }

    [Fact]
    public async Task Neither_the_proposer_nor_the_platform_can_approve_for_the_other_side()
    {
        var (_, client) = await auth.Member();
        var id = (await client.Post(Partnerships, Proposal())).Id;
        var platform = auth.App.As("admin");

        foreach (var caller in new[] { client, platform })
        {
            (await caller.Post($"{Partnerships}/{id}/approve", Baa(10))).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
            (await caller.Post($"{Partnerships}/{id}/decline")).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
        }

        (await platform.Post($"{Partnerships}/{id}/withdraw")).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
        (await platform.Put($"{Partnerships}/{id}/baa", new { until = Applying.Day(auth.Clock, 20) })).ShouldBeRefused(
            HttpStatusCode.Forbidden, "wrong_party");
        (await (await As("prov_123")).Post($"{Partnerships}/{id}/withdraw")).ShouldBeRefused(HttpStatusCode.Forbidden, "wrong_party");
        (await client.Get($"{Partnerships}/{id}"))["status"].Should().Be("proposed");
    }

    [Theory]
    [InlineData("prov_nobody")]
    [InlineData("prov_closed")]
    [InlineData("cons_456")]
    [InlineData("org_platform")]
    [InlineData("own")]
    public async Task An_organization_that_cannot_be_the_partner_is_refused_like_an_unknown_one(string partner)
    {
        var (own, client) = await auth.Member();
        if (partner == "prov_closed") await Close(partner);

        var refused = (await client.Post(Partnerships, Proposal(partner == "own" ? own : partner))).ShouldBeRefused(
            HttpStatusCode.NotFound, "partner_unknown");

        refused["detail"].Should().Be(
            "There is no provider with this id that your key may deal with. Check partnerId, and the partners of your key.");
    }

    [Fact]
    public async Task A_narrowed_key_can_propose_only_to_its_partners()
    {
        var key = auth.With(await auth.Key("cons_789", ["org:write"], partners: ["prov_other"]));

        (await key.Post(Partnerships, Proposal())).ShouldBeRefused(HttpStatusCode.NotFound, "partner_unknown");
    }

    [Fact]
    public async Task An_organization_cannot_propose_in_a_role_that_it_does_not_have()
    {
        (await (await As("cons_456")).Post(Partnerships, Proposal("cons_789", "provider"))).ShouldBeRefused(
            HttpStatusCode.Conflict, "role_not_held");
        (await auth.App.As("admin").Post(Partnerships, Proposal())).ShouldBeRefused(HttpStatusCode.Conflict, "role_not_held");
    }

    [Fact]
    public async Task An_existing_partnership_is_named_in_the_refusal()
    {
        var refused =
            (await (await As("cons_456")).Post(Partnerships, Proposal())).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_exists");

        refused["id"].Should().StartWith("prt_");
    }

    [Fact]
    public async Task After_a_proposal_was_declined_or_withdrawn_either_side_can_propose_again()
    {
        var (consumer, client) = await auth.Member();
        var provider = await As("prov_123");
        var id = (await client.Post(Partnerships, Proposal(deidentification: new { retainUids = true }))).Id;

        (await provider.Post($"{Partnerships}/{id}/decline")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("declined");
        (await provider.Post($"{Partnerships}/{id}/approve", Baa(10))).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_not_proposed");
        var again = (await provider.Post(Partnerships, Proposal(consumer, "provider"))).ShouldBe(HttpStatusCode.Created);
        (again.Id, again["proposedBy"], again["consumerBaaUntil"], again["deidentification.retainUids"])
            .Should().Be((id, "prov_123", null, "False"));
        (await provider.Post($"{Partnerships}/{id}/withdraw")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("withdrawn");
        (await client.Put($"{Partnerships}/{id}/baa", new { until = Applying.Day(auth.Clock, 20) })).ShouldBeRefused(
            HttpStatusCode.Conflict, "partnership_not_approved");
        (await client.Post(Partnerships, Proposal())).ShouldBe(HttpStatusCode.Created);
        (await provider.Post($"{Partnerships}/{id}/approve", Baa(10))).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("active");
        (await Happened(id)).Should().Equal(
            "partnership.created", "partnership.declined", "partnership.proposed_again", "partnership.withdrawn",
            "partnership.proposed_again", "partnership.approved");
    }

    [Fact]
    public async Task A_proposal_that_changed_since_it_was_read_is_not_approved()
    {
        var (_, client) = await auth.Member();
        var provider = await As("prov_123");
        var id = (await client.Post(Partnerships, Proposal())).Id;
        var read = (await provider.Get($"{Partnerships}/{id}")).Headers.ETag!.Tag;
        await client.Post($"{Partnerships}/{id}/withdraw");
        (await client.Post(Partnerships, Proposal(deidentification: new { retainUids = true }))).ShouldBe(HttpStatusCode.Created);

        (await provider.With("If-Match", read)
            .Post($"{Partnerships}/{id}/approve", Baa(10))).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
    }

    [Fact]
    public async Task A_repeated_proposal_gets_the_same_response()
    {
        var (_, client) = await auth.Member();
        client = client.With("Idempotency-Key", "propose");

        var first = (await client.Post(Partnerships, Proposal())).ShouldBe(HttpStatusCode.Created);
        var second = (await client.Post(Partnerships, Proposal())).ShouldBe(HttpStatusCode.Created);

        second.Text.Should().Be(first.Text);
        (await Happened(first.Id)).Should().Equal("partnership.created");
    }

    [Theory]
    [InlineData("""{"partnerId":"prov_123","as":"consumer"}""", "baaUntil")]
    [InlineData("""{"partnerId":"prov_123","as":"consumer","baaUntil":"2020-01-01"}""", "baaUntil")]
    [InlineData("""{"partnerId":"prov_123","as":"consumer","baaUntil":"2999-01-01"}""", "baaUntil")]
    [InlineData("""{"partnerId":"prov_123","as":"both","baaUntil":"2030-01-01"}""", "as")]
    [InlineData("""{"partnerId":"","as":"consumer","baaUntil":"2030-01-01"}""", "partnerId")]
    [InlineData("""{"partnerId":"prov_123","as":"consumer","baaUntil":"2030-01-01","deidentification":{"dates":"keep"}}""",
        "deidentification.dates")]
    public async Task An_invalid_proposal_names_the_wrong_field(string body, string member)
    {
        var refused = await (await As("cons_789")).Post(Partnerships, body);

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(member);
    }

    private static object Asking => new
    {
        providerId = "prov_123",
        patient = new { lastName = "Doe", firstName = "Jane", dob = "03/05/1971" },
        reason = "AI review",
    };

    private Dictionary<string, object?> Proposal(string partner = "prov_123", string role = "consumer", object? deidentification = null) =>
        new Dictionary<string, object?>
        {
            ["partnerId"] = partner,
            ["as"] = role,
            ["baaUntil"] = Applying.Day(auth.Clock, 100),
            ["deidentification"] = deidentification
        };

    private object Baa(int days) => new { baaUntil = Applying.Day(auth.Clock, days) };

    private async Task<ApiClient> As(string organization) => auth.With(await auth.Key(organization));

    private async Task Close(string id)
    {
        var now = auth.Clock.GetUtcNow();
        await auth.Change(async db =>
        {
            if (await db.Organizations.AnyAsync(o => o.Id == id)) return;
            db.Add(Aegis.Auth.Tenancy.Organizations.Organization.Create(id, id, isProvider: true, isConsumer: false, now));
            await db.SaveChangesAsync();
            await db.Organizations.Where(o => o.Id == id).ExecuteUpdateAsync(s => s.SetProperty(o => o.ClosedAt, now));
        });
    }

    private Task<List<string>> Happened(string id) => auth.App.NamesOf(id, "partnership.");
}
