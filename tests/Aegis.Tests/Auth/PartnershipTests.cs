using Aegis.Auth.Tenancy.Partnerships;
using Aegis.Contracts.Identity;

namespace Aegis.Tests.Auth;

public sealed class PartnershipTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task Both_parties_see_their_partnership()
    {
        var id = await Agree("cons_456", "prov_1");

        foreach (var party in new[] { "cons_456", "prov_1" })
        {
            var response = (await (await As(party)).Get($"/v1/partnerships/{id}")).ShouldBe(HttpStatusCode.OK);
            response["consumerId"].Should().Be("cons_456");
            response["providerId"].Should().Be("prov_1");
            response["status"].Should().Be("active");
            response["suspendedBy"].Should().BeNull();
            response["deidentification.dates"].Should().Be("remove");
            DateOnly.Parse(response["consumerBaaUntil"]!, null).Should().BeAfter(Today.AddYears(1));
            response.Headers.ETag.Should().NotBeNull();
        }
    }

    [Fact]
    public async Task Another_organization_finds_nothing()
    {
        var id = await Agree("cons_456", "prov_2");
        var outsider = await As("cons_789");

        (await outsider.Get($"/v1/partnerships/{id}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await outsider.Post($"/v1/partnerships/{id}/suspend")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await outsider.Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await outsider.Get("/v1/partnerships")).Json.GetProperty("items").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Changing_a_partnership_needs_the_write_scope()
    {
        var reader = auth.With(await auth.Key(scopes: ["org:read"]));

        (await reader.Post("/v1/partnerships/prt_1/suspend")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await reader.Post("/v1/partnerships/prt_1/resume")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task The_list_is_paged_newest_first()
    {
        await CreateOrganization("cons_paged");
        var ids = new List<string>();
        for (var i = 0; i < 3; i++) ids.Add(await Agree("cons_paged", $"prov_paged{i}"));
        var client = await As("cons_paged");

        var first = await client.Get("/v1/partnerships?limit=2");
        var second = await client.Get($"/v1/partnerships?limit=2&cursor={first["nextCursor"]}");

        Items(first).Concat(Items(second)).Should().Equal(ids.OrderDescending(StringComparer.Ordinal));
        second["nextCursor"].Should().BeNull();
    }

    [Fact]
    public async Task A_suspended_partnership_is_not_active_until_it_is_resumed()
    {
        var id = await Agree("cons_456", "prov_3");
        var consumer = await As("cons_456");

        (await consumer.Post($"/v1/partnerships/{id}/suspend")).ShouldBe(HttpStatusCode.OK)["suspendedBy"].Should().Be("cons_456");
        (await Find("cons_456", "prov_3")).Should().BeNull();

        (await consumer.Post($"/v1/partnerships/{id}/resume")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("active");
        (await Find("cons_456", "prov_3"))!.Id.Should().Be(id);
        (await Happened(id))
            .Should().BeEquivalentTo("partnership.created", "partnership.approved", "partnership.suspended", "partnership.resumed");
    }

    [Fact]
    public async Task A_partner_cannot_end_the_others_suspension_but_the_platform_can()
    {
        var id = await Agree("cons_456", "prov_4");
        await (await As("prov_4")).Post($"/v1/partnerships/{id}/suspend");

        (await (await As("cons_456")).Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(
            HttpStatusCode.Forbidden, "suspended_by_other");
        (await (await As("org_platform", "aegis:operator")).Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(
            HttpStatusCode.NotFound, "not_found");
        (await (await As("org_platform", "aegis:admin")).Post($"/v1/partnerships/{id}/resume")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Only_active_partnerships_are_suspended_and_only_suspended_ones_resumed()
    {
        var id = await Agree("cons_456", "prov_5");
        var consumer = await As("cons_456");

        (await consumer.Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_not_suspended");
        await consumer.Post($"/v1/partnerships/{id}/suspend");
        (await consumer.Post($"/v1/partnerships/{id}/suspend")).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_not_active");
    }

    [Fact]
    public async Task A_change_on_an_old_revision_is_refused()
    {
        var id = await Agree("cons_456", "prov_6");
        var consumer = await As("cons_456");
        var read = (await consumer.Get($"/v1/partnerships/{id}")).Headers.ETag!.Tag;

        var suspended = await consumer.With("If-Match", read).Post($"/v1/partnerships/{id}/suspend");
        var resumed = await consumer.With("If-Match", read).Post($"/v1/partnerships/{id}/resume");

        suspended.ShouldBe(HttpStatusCode.OK).Headers.ETag!.Tag.Should().NotBe(read);
        resumed.ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
        (await consumer.With("If-Match", read)
            .Post($"/v1/partnerships/{id}/suspend")).ShouldBeRefused(HttpStatusCode.PreconditionFailed, "revision_mismatch");
    }

    [Fact]
    public async Task A_repeated_suspension_with_the_same_idempotency_key_gets_the_same_response()
    {
        var id = await Agree("cons_456", "prov_7");
        var consumer = (await As("cons_456")).With("Idempotency-Key", "once");

        var first = await consumer.Post($"/v1/partnerships/{id}/suspend");
        var second = await consumer.Post($"/v1/partnerships/{id}/suspend");

        second.ShouldBe(HttpStatusCode.OK).Text.Should().Be(first.ShouldBe(HttpStatusCode.OK).Text);
        second.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
        (await Happened(id)).Should().ContainSingle(e => e == "partnership.suspended");
    }

    [Fact]
    public async Task A_key_narrowed_to_partners_sees_no_other_partnerships()
    {
        await CreateOrganization("cons_narrow");
        var wanted = await Agree("cons_narrow", "prov_8");
        var other = await Agree("cons_narrow", "prov_9");
        var client = auth.With(await auth.Key("cons_narrow", partners: ["prov_8"]));

        Items(await client.Get("/v1/partnerships")).Should().Equal(wanted);
        (await client.Post($"/v1/partnerships/{other}/suspend")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(0, 0, true)]
    [InlineData(-1, 0, false)]
    [InlineData(0, -1, false)]
    public async Task Both_agreements_must_be_valid_today(int consumerDays, int providerDays, bool found)
    {
        var provider = $"prov_baa{consumerDays}{providerDays}";
        await Agree("cons_456", provider, Today.AddDays(consumerDays), Today.AddDays(providerDays));

        (await Find("cons_456", provider) is not null).Should().Be(found);
    }

    [Fact]
    public async Task A_proposed_partnership_is_not_active()
    {
        await CreateOrganization("prov_10");
        await auth.App.Use<Aegis.Auth.Persistence.AuthDb>(db =>
        {
            db.Add(Propose("cons_456", "prov_10"));
            return db.SaveChangesAsync();
        });

        (await Find("cons_456", "prov_10")).Should().BeNull();
    }

    [Theory]
    [InlineData("cons_closed", "prov_11")]
    [InlineData("cons_456", "prov_closed")]
    public async Task A_closed_organization_has_no_partners(string consumer, string provider)
    {
        await CreateOrganization(consumer);
        await Agree(consumer, provider);
        (await Find(consumer, provider)).Should().NotBeNull();

        var now = auth.Clock.GetUtcNow();
        await auth.Change(db => db.Organizations.Where(o => o.Id.EndsWith("closed"))
            .ExecuteUpdateAsync(s => s.SetProperty(o => o.ClosedAt, now)));

        (await Find(consumer, provider)).Should().BeNull();
    }

    [Fact]
    public async Task Other_organizations_are_not_partners()
    {
        (await Find("cons_789", "prov_123")).Should().BeNull();
        (await Find("prov_123", "cons_456")).Should().BeNull();
    }

    [Fact]
    public void Only_a_proposed_partnership_can_be_approved()
    {
        var partnership = Propose("cons_1", "prov_1");
        partnership.Approve("prov_1", Today, Today);

        var again = () => partnership.Approve("prov_1", Today, Today);

        again.Should().Throw<Kernel.Web.Refusals.RefusedException>().Which.Code.Should().Be("partnership_not_proposed");
    }

    private DateOnly Today => DateOnly.FromDateTime(auth.Clock.GetUtcNow().UtcDateTime);

    private async Task<ApiClient> As(string organization, string role = "aegis:operator") =>
        auth.With(await auth.Key(organization, role: role));

    private Task<PartnershipTerms?> Find(string consumer, string provider) =>
        auth.App.Use<IPartnerships, PartnershipTerms?>(p => p.Find(consumer, provider, CancellationToken.None));

    private Partnership Propose(string consumer, string provider, DateOnly? baa = null)
    {
        var now = auth.Clock.GetUtcNow();
        var proposal = new Proposal(consumer, provider, consumer, baa ?? Today.AddYears(2), new DeidentificationPolicy());
        return Partnership.Propose(Kernel.Identifiers.Ids.New("prt", now), proposal, now);
    }

    private async Task<string> Agree(string consumer, string provider, DateOnly? consumerBaa = null, DateOnly? providerBaa = null)
    {
        await CreateOrganization(provider);
        var partnership = Propose(consumer, provider, consumerBaa);
        partnership.Approve(provider, providerBaa ?? Today.AddYears(2), today: DateOnly.MinValue);
        await auth.App.Use<Aegis.Auth.Persistence.AuthDb>(db =>
        {
            db.Add(partnership);
            return db.SaveChangesAsync();
        });
        return partnership.Id;
    }

    private Task CreateOrganization(string id) => auth.App.Use<Aegis.Auth.Persistence.AuthDb>(async db =>
    {
        if (await db.Organizations.AnyAsync(o => o.Id == id)) return;
        db.Add(Aegis.Auth.Tenancy.Organizations.Organization.Create(
            id, id, id.StartsWith("prov"), id.StartsWith("cons"), auth.Clock.GetUtcNow()));
        await db.SaveChangesAsync();
    });

    private Task<List<string>> Happened(string id) => auth.App.NamesOf(id);

    private static IEnumerable<string> Items(ApiResponse response) =>
        response.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!);
}
