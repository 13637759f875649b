using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Kernel.Web.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Aegis.Tests.People;

public sealed class PasskeyTests : IAsyncLifetime
{
    private const string Options = "/sign-in?handler=PasskeyOptions";
    private const string Use = "/sign-in?handler=Passkey";

    private AegisApp app = null!;
    private Meanwhile meanwhile = null!;
    private Browser owner = null!;
    private SoftPasskey passkey = null!;
    private string userId = "";

    public async Task InitializeAsync()
    {
        (app, meanwhile) = await Meanwhile.Start();
        owner = new Browser(app);
        passkey = new SoftPasskey(new Uri(app.Services.GetRequiredService<IPublicUrl>().Value));
        await owner.SignIn(app.Person("cons_456"));
        var page = await owner.Get("/settings/passkeys");
        var options = JsonDocument.Parse((await owner.Send(page, "/settings/passkeys?handler=Options")).Text).RootElement;
        userId = Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(options.GetProperty("user").GetProperty("id").GetString()!));
        var added = await owner.Send(
            page, "/settings/passkeys?handler=Add", ("Name", "Test device"), ("Credential", passkey.Create(Challenge(options))));
        added.ShouldLeadTo("/settings/passkeys?done=added");
    }

    public async Task DisposeAsync()
    {
        passkey.Dispose();
        owner.Dispose();
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_sign_in_with_a_passkey_cannot_be_replayed()
    {
        using var browser = new Browser(app);
        var (page, challenge) = await Begin(browser);
        var seen = new CookieContainer();
        seen.Add(app.BaseAddress, browser.Cookies.GetCookies(app.BaseAddress));
        var credential = passkey.Get(challenge, userId);
        (await browser.Send(page, Use, ("Credential", credential))).ShouldLeadTo("/settings/api-keys");

        app.Clock.Advance(TimeSpan.FromSeconds(2));
        using var thief = new Browser(app, seen);
        (await thief.Send(page, Use, ("Credential", credential))).ShouldSay(
            HttpStatusCode.Forbidden, "The passkey was used again in the meantime");

        using var later = new Browser(app);
        (page, challenge) = await Begin(later);
        (await later.Send(page, Use, ("Credential", passkey.Get(challenge, userId)))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_simultaneous_replay_of_a_passkey_is_refused()
    {
        using var browser = new Browser(app);
        var (page, challenge) = await Begin(browser);
        var seen = new CookieContainer();
        seen.Add(app.BaseAddress, browser.Cookies.GetCookies(app.BaseAddress));
        using var thief = new Browser(app, seen);
        var credential = ("Credential", passkey.Get(challenge, userId));
        meanwhile.BeforeChanging<Passkey>(p => p.LastUsedAt is not null, async () =>
            (await browser.Send(page, Use, credential)).ShouldLeadTo("/settings/api-keys"));

        (await thief.Send(page, Use, credential)).ShouldSay(HttpStatusCode.Forbidden, "The passkey was used again in the meantime");

        meanwhile.IsDone.Should().BeTrue();
    }

    [Fact]
    public async Task A_passkey_that_is_removed_while_it_is_used_stays_removed()
    {
        using var thief = new Browser(app);
        var (page, challenge) = await Begin(thief);
        meanwhile.BeforeReading("passkeys", () => // while its signature is verified
        {
            // and before its use is saved
            meanwhile.BeforeReading("passkeys", () => app.Use<AuthDb, int>(db => db.Passkeys.ExecuteDeleteAsync()));
            return Task.CompletedTask;
        });

        (await thief.Send(page, Use, ("Credential", passkey.Get(challenge, userId)))).ShouldSay(
            HttpStatusCode.Forbidden, "This passkey is not known here");

        meanwhile.IsDone.Should().BeTrue();
        (await app.Use<AuthDb, int>(db => db.Passkeys.CountAsync())).Should().Be(0);
    }

    [Fact]
    public async Task A_passkey_works_only_for_this_site_and_for_a_verified_user()
    {
        using var browser = new Browser(app);
        var (page, challenge) = await Begin(browser);

        foreach (var wrong in new Func<string, string>[]
        {
            c => passkey.Get(c, userId, SoftPasskey.Present), c => passkey.Get(c, "usr_somebody_else"),
            c => passkey.Get(c, userId, from: new Uri("https://elsewhere.example")), _ => passkey.Get("AAAA", userId),
        })
        {
            (await browser.Send(page, Use, ("Credential", wrong(challenge)))).ShouldSay(
                HttpStatusCode.Forbidden, "This passkey is not known here");
            (page, challenge) = await Begin(browser);
        }

        (await browser.Send(page, Use, ("Credential", passkey.Get(challenge, userId)))).ShouldLeadTo("/settings/api-keys");
    }

    [Fact]
    public async Task A_new_password_by_invitation_removes_the_passkeys()
    {
        var auth = AuthApp.On(app);
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        var path = new Uri((await admin.Post($"/v1/users/{userId}/invitation")).ShouldBe(HttpStatusCode.OK)["invitationUrl"]!).AbsolutePath;
        using var browser = new Browser(app);
        const string password = "seven grey herons at noon";

        (await browser.Fill(path, ("Name", "A. Person"), ("Password", password), ("Again", password))).ShouldLeadTo(
            "/sign-in?Done=password");

        var (page, challenge) = await Begin(browser);
        (await browser.Send(page, Use, ("Credential", passkey.Get(challenge, userId)))).ShouldSay(
            HttpStatusCode.Forbidden, "This passkey is not known here");
        (await browser.SignIn((app.Person("cons_456").Email, password))).ShouldLeadTo("/settings/api-keys");
    }

    private static async Task<(Shown Page, string Challenge)> Begin(Browser browser)
    {
        var page = await browser.Get("/sign-in");
        return (page, Challenge(JsonDocument.Parse((await browser.Send(page, Options)).Text).RootElement));
    }

    private static string Challenge(JsonElement options) => options.GetProperty("challenge").GetString()!;
}
