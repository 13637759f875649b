using Aegis.Auth.Tenancy.Partnerships;

namespace Aegis.Tests.Auth;

/// <summary>Partnerships are suspended when a business associate agreement expires. Each test has its own clock.</summary>
public sealed class AgreementTests : IAsyncLifetime
{
    private readonly AuthApp auth = new();

    public Task InitializeAsync() => auth.InitializeAsync();

    public Task DisposeAsync() => auth.DisposeAsync();

    [Fact]
    public async Task An_expired_agreement_suspends_the_partnership_and_a_renewal_resumes_it()
    {
        var id = await Agree(consumerDays: 40, providerDays: 3);
        await Pass(3);
        (await Read(id))["status"].Should().Be("active", "the last day counts");

        await Pass(1);

        var expired = await Read(id);
        (expired["status"], expired["suspendedBy"], expired["suspensionReason"]).Should().Be(("suspended", "org_platform", "baa_expired"));
        (await (await As("prov_1")).Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(HttpStatusCode.Conflict, "baa_expired");
        (await auth.App.As("admin").Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(HttpStatusCode.Conflict, "baa_expired");
        var renewed = (await Renew("prov_1", id, 100)).ShouldBe(HttpStatusCode.OK);
        (renewed["status"], renewed["suspendedBy"], renewed["suspensionReason"]).Should().Be(("active", null, null));
        (await Happened(id)).Should().ContainInOrder("partnership.suspended", "partnership.baa_renewed", "partnership.resumed");
    }

    [Fact]
    public async Task Transfers_stop_when_an_agreement_expires_and_continue_after_its_renewal()
    {
        var id = await Agree(consumerDays: 1, providerDays: 50);
        var transfer = (await auth.App.Deliver(provider: "prov_1")).Id;
        var consumer = auth.With(await auth.Key("cons_456", ["study:open", "study:read"]));

        await Pass(2);
        await Until(async () => (await consumer.Get($"/v1/transfers/{transfer}"))["status"] == "suspended");
        (await consumer.Post($"/v1/transfers/{transfer}/open")).ShouldBeRefused(HttpStatusCode.Forbidden, "transfer_suspended");

        await Renew("cons_456", id, 100);
        await Until(async () => (await consumer.Get($"/v1/transfers/{transfer}"))["status"] == "ready");
        (await consumer.Post($"/v1/transfers/{transfer}/open")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Both_agreements_must_be_valid_before_the_partnership_resumes()
    {
        var id = await Agree(consumerDays: 1, providerDays: 2);
        await Pass(3);

        (await Renew("cons_456", id, 100)).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("suspended");
        (await Renew("prov_1", id, 100)).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("active");
        (await Happened(id)).Count(e => e == "partnership.resumed").Should().Be(1);
    }

    [Fact]
    public async Task A_renewal_does_not_end_a_suspension_by_a_party()
    {
        var id = await Agree(consumerDays: 5, providerDays: 5);
        await (await As("cons_456")).Post($"/v1/partnerships/{id}/suspend");
        await Pass(6);

        (await (await As("cons_456")).Post($"/v1/partnerships/{id}/resume")).ShouldBeRefused(HttpStatusCode.Conflict, "baa_expired");
        await Renew("cons_456", id, 50);
        (await Renew("prov_1", id, 50)).ShouldBe(HttpStatusCode.OK)["suspensionReason"].Should().Be("manual");
        (await (await As("cons_456")).Post($"/v1/partnerships/{id}/resume")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("active");
    }

    [Fact]
    public async Task The_end_of_an_agreement_only_moves_forward()
    {
        var id = await Agree(consumerDays: 50, providerDays: 50);

        (await Renew("prov_1", id, 49)).ShouldBeRefused(HttpStatusCode.Conflict, "baa_not_forward")["until"]
            .Should().Be(Applying.Day(auth.Clock, 50));
        (await Renew("prov_1", id, -1)).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await Renew("prov_1", id, 50)).ShouldBe(HttpStatusCode.OK);
        (await Renew("prov_1", id, 51)).ShouldBe(HttpStatusCode.OK)["providerBaaUntil"].Should().Be(Applying.Day(auth.Clock, 51));
        (await Happened(id)).Count(e => e == "partnership.baa_renewed").Should().Be(1);
    }

    [Fact]
    public async Task Each_warning_is_raised_once_30_7_and_1_days_before_the_end()
    {
        var id = await Agree(consumerDays: 31, providerDays: 31);
        for (var day = 0; day < 32; day++)
        {
            await Run();
            await Pass(1);
        }

        (await Warnings(id)).Should().Equal(30, 7, 1);
        (await Read(id))["status"].Should().Be("suspended");
    }

    [Fact]
    public async Task After_missed_days_only_the_nearest_warning_is_raised()
    {
        var id = await Agree(consumerDays: 60, providerDays: 40);

        await Pass(35);
        await Pass(4);

        (await Warnings(id)).Should().Equal(5, 1);
    }

    [Fact]
    public async Task A_renewed_agreement_is_warned_of_again_and_then_the_other_one()
    {
        var id = await Agree(consumerDays: 20, providerDays: 10);
        await Run();
        await Renew("prov_1", id, 200);
        await Run();
        await Run();

        (await Warnings(id)).Should().Equal(10, 20);
        (await Expiring(id)).Select(e => e.Details!["endingFor"].GetRawText() == "[\"prov_1\"]").Should().Equal(true, false);
    }

    [Fact]
    public async Task Two_hosts_warn_once_and_suspend_once()
    {
        var other = await auth.App.StartAnotherHost();
        var id = await Agree(consumerDays: 7, providerDays: 7);

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? auth.App : other).Run<ReviewAgreementsJob>()));
        auth.Clock.Advance(TimeSpan.FromDays(8));
        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? auth.App : other).Run<ReviewAgreementsJob>()));

        (await Happened(id))
            .Should().Equal("partnership.created", "partnership.approved", "partnership.baa_expiring", "partnership.suspended");
        await other.DisposeAsync();
    }

    private async Task<string> Agree(int consumerDays, int providerDays)
    {
        await auth.App.Use<AuthDb>(async db =>
        {
            db.Add(Aegis.Auth.Tenancy.Organizations.Organization.Create(
                "prov_1", "One", isProvider: true, isConsumer: false, auth.Clock.GetUtcNow()));
            await db.SaveChangesAsync();
        });
        var proposed = (await (await As("cons_456")).Post("/v1/partnerships", new Dictionary<string, object>
        {
            ["partnerId"] = "prov_1",
            ["as"] = "consumer",
            ["baaUntil"] = Applying.Day(auth.Clock, consumerDays),
        })).ShouldBe(HttpStatusCode.Created);
        (await (await As("prov_1")).Post($"/v1/partnerships/{proposed.Id}/approve",
            new { baaUntil = Applying.Day(auth.Clock, providerDays) })).ShouldBe(HttpStatusCode.OK);
        return proposed.Id;
    }

    private async Task Pass(int days)
    {
        auth.Clock.Advance(TimeSpan.FromDays(days));
        await Run();
    }

    private static async Task Until(Func<Task<bool>> isTrue)
    {
        for (var attempt = 0; attempt < 200 && !await isTrue(); attempt++) await Task.Delay(100);
        (await isTrue()).Should().BeTrue();
    }

    private Task Run() => auth.App.Run<ReviewAgreementsJob>();

    private async Task<ApiResponse> Renew(string party, string id, int days) =>
        await (await As(party)).Put($"/v1/partnerships/{id}/baa", new { until = Applying.Day(auth.Clock, days) });

    private async Task<ApiResponse> Read(string id) =>
        (await (await As("cons_456")).Get($"/v1/partnerships/{id}")).ShouldBe(HttpStatusCode.OK);

    private async Task<ApiClient> As(string organization) => auth.With(await auth.Key(organization));

    private Task<List<string>> Happened(string id) => auth.App.NamesOf(id, "partnership.");

    private async Task<List<Kernel.Auditing.AuditFact>> Expiring(string id) =>
        (await auth.App.Happened(id)).FindAll(e => e.Action == "partnership.baa_expiring");

    private async Task<List<int>> Warnings(string id) => (await Expiring(id)).ConvertAll(e => e.Details!["daysLeft"].GetInt32());
}
