using Aegis.Auth.Access.Permissions;
using Aegis.Contracts.Identity;
using Aegis.Contracts.Sandbox;

namespace Aegis.Tests.Auth;

public sealed class SandboxIdentityTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Theory]
    [InlineData("provider", "prov_123", "study-provider", "aegis:operator", true)]
    [InlineData("consumer", "cons_456", "study-consumer", "aegis:operator", true)]
    [InlineData("outsider", "cons_789", "study-consumer", "aegis:operator", true)]
    [InlineData("operator", "cons_456", "developer", "aegis:operator", true)]
    [InlineData("admin", "org_platform", "full-access", "aegis:admin", false)]
    public async Task Each_sandbox_key_has_its_organization_and_scopes(
        string name, string organization, string preset, string role, bool expires)
    {
        var keys = await IssueKeys();

        var session = (await new ApiClient(auth.App.NewHttp(), keys[name]).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);

        keys[name].Should().StartWith("aegis_test_");
        session["organization"].Should().Be(organization);
        session.Json.GetProperty("roles")[0].GetString().Should().Be(role);
        session.Json.GetProperty("scopes").EnumerateArray().Select(s => s.GetString())
            .Should().BeEquivalentTo(Presets.All.Single(p => p.Name == preset).Scopes);
        (session["expiresAt"] is not null).Should().Be(expires);
        if (expires) session.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .Should().BeCloseTo(auth.Clock.GetUtcNow().AddDays(365), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task New_sandbox_keys_revoke_the_earlier_ones_and_no_others()
    {
        var own = await auth.Key();
        var earlier = await IssueKeys();

        var later = await IssueKeys();

        foreach (var role in later.Keys)
        {
            (await new ApiClient(auth.App.NewHttp(), earlier[role]).Get("/v1/auth/session")).ShouldBeRefused(
                HttpStatusCode.Unauthorized, "api_key_revoked");
            (await new ApiClient(auth.App.NewHttp(), later[role]).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        }

        (await auth.With(own).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Seeding_again_adds_nothing()
    {
        var before = await Counts();

        await auth.App.Use<ISandboxIdentity>(s => s.Seed(CancellationToken.None));

        (await Counts()).Should().Be(before);
    }

    [Fact]
    public async Task The_consumer_is_a_partner_of_the_provider_for_more_than_a_year_and_the_outsider_is_not()
    {
        var today = DateOnly.FromDateTime(auth.Clock.GetUtcNow().UtcDateTime);

        var partnership = await auth.App.Use<AuthDb, Aegis.Auth.Tenancy.Partnerships.Partnership>(db => db.Partnerships.SingleAsync());
        var outsider = await auth.App.Use<IPartnerships, PartnershipTerms?>(p => p.Find("cons_789", "prov_123", CancellationToken.None));

        (partnership.ConsumerId, partnership.ProviderId).Should().Be(("cons_456", "prov_123"));
        partnership.ConsumerBaaUntil.Should().BeAfter(today.AddYears(1));
        partnership.ProviderBaaUntil.Should().BeAfter(today.AddYears(1));
        outsider.Should().BeNull();
    }

    [Fact]
    public async Task There_is_one_user_in_each_organization()
    {
        var users = await auth.App.Use<ISandboxIdentity, IReadOnlyList<SandboxUser>>(s => s.IssuePasswords(CancellationToken.None));

        users.Select(u => (u.Organization, u.Email, u.TotpSecret, u.Role)).Should().BeEquivalentTo<(string, string, string?, string?)>(
        [
            ("prov_123", "operator@prov-123.sandbox.example", null, "aegis:operator"),
            ("cons_456", "operator@cons-456.sandbox.example", null, "aegis:operator"),
            ("cons_789", "operator@cons-789.sandbox.example", null, "aegis:operator"),
            ("org_platform", "admin@platform.sandbox.example", null, "aegis:admin"),
        ]);
        users.Select(u => u.Password).Should().OnlyHaveUniqueItems().And.OnlyContain(p => p!.Length == 24);
    }

    private Task<IReadOnlyDictionary<string, string>> IssueKeys() =>
        auth.App.Use<ISandboxIdentity, IReadOnlyDictionary<string, string>>(s => s.IssueKeys(CancellationToken.None));

    private Task<(int, int, int)> Counts() => auth.App.Use<AuthDb, (int, int, int)>(
        async db => (await db.Organizations.CountAsync(), await db.Partnerships.CountAsync(), await db.ApiKeys.CountAsync()));
}
