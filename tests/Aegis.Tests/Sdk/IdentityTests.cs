using Aegis.Auth.People.OneTimeCodes;
using Aegis.Sdk;
using Aegis.Sdk.Failures;
using Aegis.Sdk.Identity;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Sdk;

public sealed class IdentityTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task An_organization_applies_is_reviewed_and_becomes_a_partner()
    {
        using var applicant = new AegisClient(new AegisClientOptions { BaseAddress = auth.App.BaseAddress });
        using var admin = auth.App.Client("admin");
        using var provider = await Client("prov_123");

        var sent = await applicant.Applications.SubmitAsync(Application());
        (await applicant.Applications.FollowAsync(sent.Id, sent.StatusToken)).Status.Should().Be("submitted");
        (await admin.Applications.ReviewAsync(sent.Id)).Status.Should().Be("in_review");
        var approved = await admin.Applications.ApproveAsync(sent.Id);
        var renewed = await admin.Applications.RenewClaimAsync(sent.Id);
        using var member = await Claimed(renewed.ClaimUrl);
        var proposed = await member.Partnerships.ProposeAsync(
            new ProposePartnership("prov_123", "consumer", Day(100)) { Deidentification = new() { Dates = "shift", RetainUids = true } });
        var seen = await provider.Partnerships.GetAsync(proposed.Id);
        var agreed = await provider.Partnerships.ApproveAsync(proposed.Id, Day(50), seen.ETag);
        var late = () => provider.Partnerships.SuspendAsync(proposed.Id, seen.ETag);

        (approved.Status, approved.OrganizationId).Should().Be(("approved", (await member.Identity.GetOrganizationAsync()).Id));
        (await admin.Applications.GetAsync(sent.Id)).OrganizationId.Should().Be(approved.OrganizationId);
        (seen.Status, seen.Deidentification.Dates, seen.Deidentification.RetainUids, seen.ConsumerBaaUntil)
            .Should().Be(("proposed", "shift", true, Day(100)));
        (agreed.Status, agreed.ProviderBaaUntil).Should().Be(("active", Day(50)));
        (await late.Should().ThrowAsync<AegisConflictException>("it has changed since")).Which.Status
            .Should().Be(System.Net.HttpStatusCode.PreconditionFailed);
        (await provider.Partnerships.SuspendAsync(proposed.Id, agreed.ETag)).Status.Should().Be("suspended");
        (await provider.Partnerships.ResumeAsync(proposed.Id)).Status.Should().Be("active");
        (await provider.Partnerships.RenewAgreementAsync(proposed.Id, Day(80))).ProviderBaaUntil.Should().Be(Day(80));
        (await member.Partnerships.ListAsync().ToListAsync()).Should().ContainSingle().Which.Id.Should().Be(proposed.Id);
    }

    [Fact]
    public async Task An_application_is_rejected_and_proposals_are_declined_and_withdrawn()
    {
        using var applicant = new AegisClient(new AegisClientOptions { BaseAddress = auth.App.BaseAddress });
        using var admin = auth.App.Client("admin");
        using var outsider = await Client("cons_789");
        using var provider = await Client("prov_123");
        var sent = await applicant.Applications.SubmitAsync(Application());
        await admin.Applications.ReviewAsync(sent.Id);

        var rejected = await admin.Applications.RejectAsync(sent.Id, "other", "Nobody answers.");
        var proposed = await outsider.Partnerships.ProposeAsync(new ProposePartnership("prov_123", "consumer", Day(10)));
        var declined = await provider.Partnerships.DeclineAsync(proposed.Id);
        var again = await outsider.Partnerships.ProposeAsync(new ProposePartnership("prov_123", "consumer", Day(10)));
        var withdrawn = await outsider.Partnerships.WithdrawAsync(again.Id);

        (rejected.Status, rejected.RejectionReason, rejected.Note).Should().Be(("rejected", "other", "Nobody answers."));
        (await admin.Applications.ListAsync("rejected").ToListAsync()).Should().Contain(a => a.Id == sent.Id);
        (declined.Status, withdrawn.Status).Should().Be(("declined", "withdrawn"));
        $"{Application()}{sent}".Should().NotContain(Applying.Ein).And.NotContain(Applying.Contact).And.NotContain(sent.StatusToken);
    }

    [Fact]
    public async Task An_authenticator_is_enrolled_confirmed_and_reset()
    {
        var key = await auth.Key();
        using var client = new AegisClient(auth.App.BaseAddress, key.Text);
        using var bare = WithToken(key.Text);
        using var admin = new AegisClient(
            auth.App.BaseAddress,
            (await auth.Key(scopes: [.. Aegis.Auth.Access.Permissions.ScopeCatalogue.All], role: "aegis:admin")).Text);

        var offered = await bare.Authenticator.EnrolAsync();
        var step = Rfc6238.StepAt(auth.Clock.GetUtcNow());
        await bare.Authenticator.ConfirmAsync(Rfc6238.Code(Gateway.FromBase32(offered.Secret), step));
        var confirmed = await client.Authenticator.GetAsync();
        await admin.Authenticator.ResetAsync(key.UserId);

        offered.Uri.Should().StartWith("otpauth://");
        offered.ToString().Should().NotContain(offered.Secret);
        (confirmed.ConfirmedWith, confirmed.Pending).Should().Be((key.Id, false));
        (await client.Authenticator.GetAsync()).ConfirmedAt.Should().BeNull();
    }

    [Fact]
    public async Task Sessions_are_listed_stepped_up_and_ended()
    {
        var key = await auth.Key(scopes: ["key:list", "key:revoke", "org:read"]);
        var authenticator = await auth.Enrol(key);
        var (token, elsewhere) = (await auth.Token(key), await auth.Token(key));
        var (own, away) = (await auth.WithToken(token).Session(riskScore: 60), await auth.WithToken(elsewhere).Session());
        using var client = WithToken(token);
        using var other = WithToken(elsewhere);

        var before = await client.Identity.ListSessionsAsync().ToListAsync();
        var steppedUp = await client.Identity.StepUpAsync(own, authenticator.Code(1));
        await client.Identity.EndSessionAsync(away);
        var late = () => other.Identity.GetSessionAsync();

        before.Select(s => (s.Id, s.Current, s.Status)).Should().BeEquivalentTo([(own, true, "step_up_required"), (away, false, "active")]);
        steppedUp.Status.Should().Be("active");
        await late.Should().ThrowAsync<AegisUnauthenticatedException>();
        (await client.Identity.ListSessionsAsync().FirstAsync(s => s.Id == away)).Status.Should().Be("ended");
    }

    [Fact]
    public async Task Signing_keys_are_rotated_and_listed()
    {
        using var admin = auth.App.Client("admin");

        var next = await admin.SigningKeys.RotateAsync();

        next.SignsFrom.Should().BeAfter(next.CreatedAt, "it is published before it signs");
        (await admin.SigningKeys.ListAsync().ToListAsync()).Should().Contain(next).And.HaveCountGreaterThan(1);
    }

    private AegisClient WithToken(string token) =>
        new(new AegisClientOptions { BaseAddress = auth.App.BaseAddress, Tokens = Aegis.Sdk.Authentication.TokenSource.Fixed(token) });

    private async Task<AegisClient> Client(string organization, string? role = "aegis:operator") =>
        new(auth.App.BaseAddress, (await auth.Key(organization, role: role)).Text);

    private async Task<AegisClient> Claimed(string claimUrl)
    {
        var claimed = await auth.Anonymous.With("Accept", "application/json").Post(Applying.Path(claimUrl));
        return new AegisClient(auth.App.BaseAddress, claimed["key"]!);
    }

    private ApplyForAccess Application() => new(
        "Example Reading LLC", ["consumer"],
        new ApplicationContact(Applying.Contact, $"{Aegis.Kernel.Identifiers.Ids.New("app", auth.Clock.GetUtcNow())}@example.org"),
        new LegalEntity("DE", Applying.Ein),
        new SignedAgreement(Day(0), Day(365), Applying.Digest), new ApplicationPartner("prov_123"));

    private DateOnly Day(int days) => DateOnly.FromDateTime(auth.Clock.GetUtcNow().UtcDateTime).AddDays(days);
}
