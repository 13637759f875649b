using Aegis.Auth.People.Onboarding;
using Aegis.Auth.Tenancy.Applications;
using Aegis.Kernel.Web.Refusals;

namespace Aegis.Tests.Auth;

/// <summary>What is kept of rejected applications.</summary>
public sealed class EvidenceTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly TimeSpan Month = TimeSpan.FromDays(30);

    [Fact]
    public async Task Evidence_of_a_rejected_application_is_shredded_after_exactly_thirty_days()
    {
        var submitted = await Rejected();
        var decidedAt = await auth.App.Use<AuthDb, DateTimeOffset>(async db =>
            (await db.Applications.SingleAsync(a => a.Id == submitted.Id)).DecidedAt!.Value);

        await RunAt(decidedAt + Month - TimeSpan.FromTicks(1));
        var kept = await Seen(submitted);
        (kept["contact.name"], kept["evidenceShreddedAt"]).Should().Be((Applying.Contact, null));
        await RunAt(decidedAt + Month);
        await RunAt(decidedAt + Month + TimeSpan.FromTicks(1));

        var seen = await Seen(submitted);
        (seen["contact"], seen["ein"], seen["note"]).Should().Be((null, null, null));
        (seen["status"], seen["rejectionReason"]).Should().Be(("rejected", "baa_invalid"));
        DateTimeOffset.Parse(seen["evidenceShreddedAt"]!, null).Should().BeCloseTo(decidedAt + Month, TimeSpan.FromMilliseconds(1));
        (await auth.App.As("admin").Get($"/v1/applications/{submitted.Id}")).ShouldBe(HttpStatusCode.OK);
        (await auth.App.As("admin").Get("/v1/applications?limit=200")).ShouldBe(HttpStatusCode.OK);
        var stored = await auth.App.Use<AuthDb, Application>(db => db.Applications.SingleAsync(a => a.Id == submitted.Id));
        stored.SealedApplicant.Should().BeEmpty();
        (await auth.App.NamesOf(submitted.Id, "application.evidence_shredded")).Should().ContainSingle();
    }

    [Fact]
    public async Task Other_applications_keep_their_evidence()
    {
        var waiting = await auth.Apply();
        var approved = await auth.Approved();

        await RunAt(auth.Clock.GetUtcNow() + (2 * Month));

        (await Seen(waiting))["contact.name"].Should().Be(Applying.Contact);
        (await auth.App.As("admin").Get($"/v1/applications/{approved.Id}"))["contact.name"].Should().Be(Applying.Contact);
    }

    [Fact]
    public async Task No_evidence_is_shredded_before_it_is_due()
    {
        var submitted = await Rejected();

        await auth.App.Use<AuthDb>(async db =>
        {
            var application = await db.Applications.SingleAsync(a => a.Id == submitted.Id);
            var shred = () => application.Shred(application.ShredAt!.Value - TimeSpan.FromTicks(1));
            shred.Should().Throw<RefusedException>().Which.Code.Should().Be("not_due");
        });
    }

    private async Task<ApiResponse> Rejected()
    {
        var submitted = await auth.Apply();
        await auth.App.As("admin").Post($"/v1/applications/{submitted.Id}/review");
        (await auth.App.As("admin")
            .Post($"/v1/applications/{submitted.Id}/reject", new { reason = "baa_invalid", note = "A signature is missing." }))
                .ShouldBe(HttpStatusCode.OK);
        return submitted;
    }

    private Task RunAt(DateTimeOffset now) =>
        auth.App.Use<AuthDb>(db => new ShredRejectedJob(db, new Stopped(now)).Run(CancellationToken.None));

    private async Task<ApiResponse> Seen(ApiResponse submitted) =>
        (await auth.Anonymous.With("X-Status-Token", submitted["statusToken"]!)
            .Get($"/v1/applications/{submitted.Id}")).ShouldBe(HttpStatusCode.OK);

    private sealed class Stopped(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
