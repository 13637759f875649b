using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.Auth;

/// <summary>The limit of proposals to organizations that do not exist.</summary>
public sealed class UnknownPartnerTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Fact]
    public async Task After_twenty_unknown_partners_proposals_are_refused_for_an_hour()
    {
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        object Proposal(string partner) => new { partnerId = partner, @as = "consumer", baaUntil = "2027-12-31" };
        for (var i = 0; i < 20; i++)
            (await admin.Post("/v1/partnerships", Proposal($"prov_{i}"))).ShouldBeRefused(HttpStatusCode.NotFound, "partner_unknown");

        foreach (var partner in new[] { "prov_20", "prov_123" }) // otherwise the response would show which one exists
            (await admin.Post("/v1/partnerships", Proposal(partner))).ShouldBeRefused(
                HttpStatusCode.TooManyRequests, "partner_attempts_exceeded");
        var neighbour = auth.With(await auth.Key("cons_789", [.. ScopeCatalogue.All], Roles.Admin));
        (await neighbour.Post("/v1/partnerships", Proposal("prov_20"))).ShouldBeRefused(HttpStatusCode.NotFound, "partner_unknown");
        auth.Clock.Advance(TimeSpan.FromHours(1));
        (await admin.Post("/v1/partnerships", Proposal("prov_123"))).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_exists");
    }

    [Fact]
    public async Task Existing_partners_do_not_count_as_attempts()
    {
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));

        for (var i = 0; i < 25; i++)
        {
            (await admin.Post("/v1/partnerships", new { partnerId = "prov_123", @as = "consumer", baaUntil = "2027-12-31" }))
                .ShouldBeRefused(HttpStatusCode.Conflict, "partnership_exists");
        }
    }
}
