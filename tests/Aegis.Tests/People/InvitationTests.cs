using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.People;

public sealed class InvitationTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private const string Password = "seven grey herons at noon";

    [Fact]
    public async Task Opening_the_page_changes_nothing_and_its_form_lets_the_person_sign_in()
    {
        var (path, email, id) = await Invited();
        using var browser = new Browser(auth.App);
        (await browser.Get(path)).ShouldSay(HttpStatusCode.OK, email);
        (await browser.Get(path)).ShouldSay(HttpStatusCode.OK, "Welcome to Aegis");

        (await Choose(browser, path, Password)).ShouldLeadTo("/sign-in?Done=password");

        (await browser.SignIn((email, Password))).ShouldLeadTo("/settings/api-keys");
        (await browser.Get("/settings")).ShouldSay(HttpStatusCode.OK, "A. Person");
        (await auth.App.NamesOf(id)).Should().Contain(["user.renamed", "user.invitation_accepted", "user.password_set", "session.created"]);
        (await auth.App.EventBodies()).Should().NotContain(b => b.Contains(Password, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_invitation_works_once_before_it_expires_and_until_a_newer_one_replaces_it()
    {
        using var browser = new Browser(auth.App);
        var (path, _, id) = await Invited();
        await Choose(browser, path, Password);
        (await browser.Get(path)).ShouldSay(HttpStatusCode.Gone, "has already been used").Text.Should().Contain("invitation_used");

        var admin = await Admin();
        var newer = Path((await admin.Post($"/v1/users/{id}/invitation")).ShouldBe(HttpStatusCode.OK));
        (await browser.Get(path)).ShouldSay(HttpStatusCode.NotFound, "This invitation does not exist").Text
            .Should().Contain("invitation_unknown");
        (await browser.Get("/invitation/short")).ShouldSay(HttpStatusCode.NotFound, "This invitation does not exist");
        (await browser.Get(newer)).ShouldSay(HttpStatusCode.OK, "Choose a new password");
        await auth.App.Use<Aegis.Auth.Persistence.AuthDb>(async db =>
        {
            var now = auth.Clock.GetUtcNow();
            var invitation =
                await Microsoft.EntityFrameworkCore.EntityFrameworkQueryableExtensions.SingleAsync(db.Invitations, i => i.UserId == id);
            db.Entry(invitation).Property(i => i.ExpiresAt).CurrentValue = now;
            await db.SaveChangesAsync();
        });
        (await browser.Get(newer)).ShouldSay(HttpStatusCode.Gone, "has expired").Text.Should().Contain("invitation_expired");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("passwordpassword")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("Qwertyuiop123")]
    public async Task A_weak_password_is_refused_with_a_message_at_its_field(string password)
    {
        var (path, email, _) = await Invited();
        using var browser = new Browser(auth.App);

        (await Choose(browser, path, password)).ShouldSay(HttpStatusCode.OK, "id=\"Password-wrong\"").Text.Should().NotContain(password);

        (await Choose(browser, path, email)).ShouldSay(HttpStatusCode.OK, "not your e-mail address");
        (await Choose(browser, path, new string('x', 64) + new string('y', 65))).ShouldSay(HttpStatusCode.OK, "at most 128");
        (await browser.SignIn((email, password))).Status.Should().Be(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_new_password_ends_the_logins_begun_with_the_old_one()
    {
        var (path, email, id) = await Invited();
        using var owner = new Browser(auth.App);
        await Choose(owner, path, Password);
        await owner.SignIn((email, Password));
        using var thief = new Browser(auth.App);
        await thief.SignIn((email, Password));

        var changed = await owner.Fill(
            "/settings/password", ("Current", Password), ("Password", "another password of mine"), ("Again", "another password of mine"));

        changed.ShouldLeadTo("/settings?done=password");
        (await owner.Get("/settings")).Status.Should().Be(HttpStatusCode.OK);
        (await thief.Get("/settings")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings");
        var reset = Path((await (await Admin()).Post($"/v1/users/{id}/invitation")).ShouldBe(HttpStatusCode.OK));
        (await owner.Get("/settings")).Status.Should().Be(HttpStatusCode.OK, "the link alone ends nothing");
        await Choose(thief, reset, "a third password of mine");
        (await owner.Get("/settings")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings");
    }

    [Fact]
    public async Task Changing_the_password_requires_the_current_one_and_guesses_count()
    {
        var (path, email, _) = await Invited();
        using var browser = new Browser(auth.App);
        await Choose(browser, path, Password);
        await browser.SignIn((email, Password));

        for (var i = 0; i < 10; i++) // five as a known browser, then five as a stranger
            (await Change(browser, "a wrong password")).ShouldSay(HttpStatusCode.OK, "This is not your current password");
        (await Change(browser, Password)).ShouldSay(HttpStatusCode.OK, "This is not your current password");
        auth.Clock.Advance(TimeSpan.FromMinutes(15));
        (await browser.Fill("/sign-in/again", ("Password", Password), ("ReturnUrl", "/settings/password"))).ShouldLeadTo(
            "/settings/password");
        (await Change(browser, Password)).ShouldLeadTo("/settings?done=password");
    }

    [Fact]
    public async Task A_read_only_user_lands_on_the_account_page_after_signing_in()
    {
        var (path, email, _) = await Invited(role: null);
        using var browser = new Browser(auth.App);
        await Choose(browser, path, Password);

        var home = (await browser.SignIn((email, Password))).Location!;

        (await browser.Get(home)).ShouldLeadTo("/settings");
        (await browser.Get("/settings")).ShouldSay(HttpStatusCode.OK, "none (read only)").Text.Should().NotContain("/settings/api-keys");
        (await browser.Get("/settings/api-keys/new")).ShouldSay(HttpStatusCode.Forbidden, "Go to your account");
    }

    [Fact]
    public async Task The_token_of_an_invitation_is_in_no_log_at_any_level()
    {
        await using var app = await AegisApp.Start(("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace"));
        var invited = (await app.As("admin")
            .Post("/v1/users", new { email = "a.person@example.org", name = "Somebody", role = (string?)null }))
                .ShouldBe(HttpStatusCode.Created);
        using var browser = new Browser(app);

        (await Choose(browser, Path(invited), Password)).ShouldLeadTo("/sign-in?Done=password");

        app.Logs.Lines.Should().Contain(l => l.StartsWith("Trace ", StringComparison.Ordinal), "otherwise the test checks nothing");
        app.Logs.Lines.Should().NotContain(l => l.Contains(Path(invited).Substring("/invitation/".Length), StringComparison.Ordinal));
        app.Logs.Lines
            .Should().NotContain(l => l.Contains("a.person@example.org", StringComparison.Ordinal)
                || l.Contains(Password, StringComparison.Ordinal));
    }

    private static Task<Shown> Change(Browser browser, string current) =>
        browser.Fill("/settings/password", ("Current", current), ("Password", "another password of mine"),
            ("Again", "another password of mine"));

    private static Task<Shown> Choose(Browser browser, string path, string password) =>
        browser.Fill(path, ("Name", "A. Person"), ("Password", password), ("Again", password));

    private async Task<ApiClient> Admin() => auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));

    private async Task<(string Path, string Email, string Id)> Invited(string? role = Roles.Operator)
    {
        var email = $"{Aegis.Kernel.Identifiers.Ids.New("p", auth.Clock.GetUtcNow())}@example.org";
        var invited = (await (await Admin()).Post("/v1/users", new { email, name = "Somebody", role })).ShouldBe(HttpStatusCode.Created);
        return (Path(invited), email, invited.Id);
    }

    private static string Path(ApiResponse invited) => new Uri(invited["invitationUrl"]!).AbsolutePath;
}
