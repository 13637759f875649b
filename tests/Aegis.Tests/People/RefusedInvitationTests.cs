using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;

namespace Aegis.Tests.People;

/// <summary>An invitation does not reveal who has an account in another organization.</summary>
public sealed class RefusedInvitationTests : IAsyncLifetime
{
    private const string Elsewhere = "operator@prov-123.sandbox.example";
    private const string Password = "seven grey herons at noon";

    private readonly SmtpMailbox mailbox = new();
    private AegisApp app = null!;
    private ApiClient admin = null!;

    public async Task InitializeAsync()
    {
        app = await AegisApp.Start();
        await BecomeAdmin();
    }

    public async Task DisposeAsync()
    {
        await app.DisposeAsync();
        await mailbox.DisposeAsync();
    }

    [Fact]
    public async Task The_answer_for_an_address_of_another_organization_is_like_any_other()
    {
        var fresh = (await Invite("fresh@example.org")).ShouldBe(HttpStatusCode.Created);
        var refused = (await Invite(Elsewhere)).ShouldBe(HttpStatusCode.Created);

        Shape(refused, Elsewhere).Should().Be(Shape(fresh, "fresh@example.org"));
        Shape(await admin.Get($"/v1/users/{refused.Id}"), Elsewhere)
            .Should().Be(Shape(await admin.Get($"/v1/users/{fresh.Id}"), "fresh@example.org"));
        (await app.NamesOf(refused.Id)).Take(2).Should().Equal("user.created", "user.invited");
        using var browser = new Browser(app);
        var path = new Uri(refused["invitationUrl"]!).AbsolutePath;
        (await browser.Get(path)).ShouldSay(HttpStatusCode.OK, Elsewhere);
        (await browser.Fill(path, ("Name", "A. Person"), ("Password", Password), ("Again", Password))).ShouldLeadTo(
            "/sign-in?Done=password");
        (await Invite(Elsewhere)).ShouldBeRefused(HttpStatusCode.Conflict, "email_taken");
        (await admin.Post($"/v1/users/{refused.Id}/invitation")).ShouldBe(HttpStatusCode.OK);
        (await admin.Patch($"/v1/users/{refused.Id}", new { name = "Another name" })).ShouldBe(HttpStatusCode.OK)["email"]
            .Should().Be(Elsewhere);
        (await admin.Delete($"/v1/users/{refused.Id}")).ShouldBe(HttpStatusCode.NoContent);
    }

    [Fact]
    public async Task A_refused_invitation_lets_nobody_sign_in_and_the_owner_keeps_the_account()
    {
        var refused = (await Invite(Elsewhere)).ShouldBe(HttpStatusCode.Created);
        using var browser = new Browser(app);
        await browser.Fill(new Uri(refused["invitationUrl"]!).AbsolutePath, ("Name", "A. Person"), ("Password", Password),
            ("Again", Password));

        foreach (var name in new[] { Elsewhere, refused.Id })
            (await browser.SignIn((name, Password))).ShouldSay(HttpStatusCode.Forbidden, "The e-mail address or the password is wrong");
        (await browser.SignIn(app.Person("prov_123"))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task The_owner_of_the_address_gets_a_mail_without_a_link()
    {
        await SendMail();

        var refused = (await Invite(Elsewhere)).ShouldBe(HttpStatusCode.Created);

        refused["mailed"].Should().Be("True");
        await Eventually(() => mailbox.Letters.Count == 1);
        var message = mailbox.Letters.Single();
        message.Should().Contain($"To: {Elsewhere}\r\n").And.Contain("Subject: An invitation to Aegis was refused\r\n");
        SmtpMailbox.Body(message)
            .Should().Contain("Sandbox Reading Group invited this address").And.NotContain("http").And.NotContain("/invitation/");
        await Eventually(() => app.NamesOf(refused.Id).GetAwaiter().GetResult().Contains("invitation.mailed"));
    }

    /// <summary>
    /// Otherwise an admin could accept the invitation, and learn at the sign-in whether the address has an account elsewhere.
    /// </summary>
    [Fact]
    public async Task If_mail_is_sent_only_the_message_contains_the_invitation_link()
    {
        await SendMail();

        var (fresh, refused) = (await Invite("fresh@example.org"), await Invite(Elsewhere));
        await Eventually(() => mailbox.Letters.Count == 2); // a second message would replace one that was not sent yet
        var (freshAgain, refusedAgain) =
            (await admin.Post($"/v1/users/{fresh.Id}/invitation"), await admin.Post($"/v1/users/{refused.Id}/invitation"));

        Shape(refused, Elsewhere)
            .Should().Be(Shape(fresh, "fresh@example.org")).And.Contain("\"invitationUrl\":null").And.NotContain("/invitation/");
        Shape(refusedAgain, Elsewhere)
            .Should().Be(Shape(freshAgain, "fresh@example.org")).And.Contain("\"invitationUrl\":null").And.NotContain("/invitation/");
        await Eventually(() => mailbox.Letters.Count == 4);
        (await app.EventBodies()).Should().NotContain(b => b.Contains("/invitation/", StringComparison.Ordinal));
        // guesses lock only a user who has a password, and only that user's organization gets the event
        foreach (var address in new[] { "fresh@example.org", Elsewhere })
            for (var i = 0; i < 5; i++) await new Browser(app).SignIn((address, "a guess"));
        Shape(await admin.Get($"/v1/users/{refused.Id}"), Elsewhere)
            .Should().Be(Shape(await admin.Get($"/v1/users/{fresh.Id}"), "fresh@example.org"));
        (await app.NamesOf(refused.Id)).Should().BeEquivalentTo(await app.NamesOf(fresh.Id));
        var message = SmtpMailbox.Body(mailbox.Letters.Last(l => l.Contains("To: fresh@example.org")));
        using var browser = new Browser(app);
        var path = System.Text.RegularExpressions.Regex.Match(message, "/invitation/[A-Za-z0-9_-]{43}").Value;
        (await browser.Fill(path, ("Name", "A. Person"), ("Password", Password), ("Again", Password))).ShouldLeadTo(
            "/sign-in?Done=password");
    }

    [Fact]
    public async Task Two_organizations_that_invite_one_address_at_the_same_time_get_the_same_answer()
    {
        await app.DisposeAsync();
        (app, var meanwhile) = await Meanwhile.Start();
        await BecomeAdmin();
        var auth = AuthApp.On(app);
        var other = auth.With(await auth.Key("prov_123", scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        ApiResponse? earlier = null;
        meanwhile.BeforeAdding<User>(async () => earlier = await Invite("fresh@example.org", other));

        var later = (await Invite("fresh@example.org")).ShouldBe(HttpStatusCode.Created);

        Shape(later, "fresh@example.org").Should().Be(Shape(earlier!, "fresh@example.org"));
        (await app.Use<AuthDb, List<string>>(db => db.Users.Where(u => u.Email == "fresh@example.org").Select(u => u.Id).ToListAsync()))
            .Should().Equal(earlier!.Id);
    }

    [Fact]
    public async Task A_renewed_invitation_works_after_the_address_is_free_again()
    {
        var refused = (await Invite(Elsewhere)).ShouldBe(HttpStatusCode.Created);
        await app.Use<AuthDb>(db => db.Users.Where(u => u.Email == Elsewhere).ExecuteDeleteAsync());

        var again = (await admin.Post($"/v1/users/{refused.Id}/invitation")).ShouldBe(HttpStatusCode.OK);

        using var browser = new Browser(app);
        await browser.Fill(new Uri(again["invitationUrl"]!).AbsolutePath, ("Name", "A. Person"), ("Password", Password),
            ("Again", Password));
        (await browser.SignIn((Elsewhere, Password))).Status.Should().Be(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task An_organization_may_send_three_invitations_a_day_to_one_address_and_fifty_in_all()
    {
        var first = (await Invite("first@example.org")).ShouldBe(HttpStatusCode.Created);
        for (var i = 0; i < 2; i++) (await admin.Post($"/v1/users/{first.Id}/invitation")).ShouldBe(HttpStatusCode.OK);

        (await admin.Post($"/v1/users/{first.Id}/invitation")).ShouldBeRefused(
            HttpStatusCode.TooManyRequests, "invitations_exceeded").Headers.RetryAfter!.Delta
            .Should().BeCloseTo(TimeSpan.FromDays(1), TimeSpan.FromMinutes(1));
        (await admin.Delete($"/v1/users/{first.Id}")).ShouldBe(HttpStatusCode.NoContent);
        (await Invite("first@example.org")).ShouldBeRefused(HttpStatusCode.TooManyRequests, "invitations_exceeded");
        var others = (await Task.WhenAll(Enumerable.Range(0, 60).Select(i => Invite($"u{i}@example.org")))).ToList();
        others.Where(o => o.Status != HttpStatusCode.Created)
            .Should().OnlyContain(o => o["code"] == "invitations_exceeded" || o["code"] == "concurrent_change");
        foreach (var ten in Enumerable.Range(60, 60).Chunk(10))
            others.AddRange(await Task.WhenAll(ten.Select(i => Invite($"u{i}@example.org"))));

        others.Count(o => o.Status == HttpStatusCode.Created).Should().Be(47);
        others.TakeLast(10).Should().OnlyContain(o => o["code"] == "invitations_exceeded");
        app.Clock.Advance(TimeSpan.FromDays(1));
        (await Invite("first@example.org")).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task After_twenty_unknown_partners_an_organization_must_wait_an_hour()
    {
        object Proposal(string partner) => new { partnerId = partner, @as = "consumer", baaUntil = "2027-12-31" };
        for (var i = 0; i < 20; i++)
            (await admin.Post("/v1/partnerships", Proposal($"prov_{i}"))).ShouldBeRefused(HttpStatusCode.NotFound, "partner_unknown");

        foreach (var partner in new[] { "prov_20", "prov_123" }) // for both, because the answer must not reveal which exist
            (await admin.Post("/v1/partnerships", Proposal(partner))).ShouldBeRefused(
                HttpStatusCode.TooManyRequests, "partner_attempts_exceeded");
        app.Clock.Advance(TimeSpan.FromHours(1));
        (await admin.Post("/v1/partnerships", Proposal("prov_123"))).ShouldBeRefused(HttpStatusCode.Conflict, "partnership_exists");
    }

    private async Task SendMail()
    {
        await app.DisposeAsync();
        app = await AegisApp.Start(("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{mailbox.Port}"), ("Smtp:StartTls", "false"),
            ("Smtp:From", "aegis@exchange.example"));
        await BecomeAdmin();
    }

    private async Task BecomeAdmin()
    {
        var auth = AuthApp.On(app);
        admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
    }

    private Task<ApiResponse> Invite(string email, ApiClient? by = null) =>
        (by ?? admin).Post("/v1/users", new { email, name = "Somebody", role = Roles.Operator });

    /// <summary>The answer without the parts that differ between users.</summary>
    private static string Shape(ApiResponse answer, string email) => System.Text.RegularExpressions.Regex.Replace(
        $"{(int)answer.Status} {answer.Text}".Replace(answer.Id, "id").Replace(email, "email"),
        "/invitation/[^\"]+|\"\\d{4}-[^\"]+\"", "*");

    private static async Task Eventually(Func<bool> condition)
    {
        for (var i = 0; i < 200 && !condition(); i++) await Task.Delay(50);
        condition().Should().BeTrue();
    }
}
