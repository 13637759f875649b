using Aegis.Auth.People.SignIn;

namespace Aegis.Tests.People;

/// <summary>Changes of a password at the same time as other changes of the user.</summary>
public sealed class PasswordChangeTests
{
    private const string Page = "/settings/password";
    private const string Wanted = "seven grey herons at noon";
    private const string Others = "four brown owls at dusk";

    /// <summary>A person who changes the password because of an attack must not be told that it is changed when it is not.</summary>
    [Fact]
    public async Task A_password_is_changed_even_while_somebody_guesses()
    {
        var (app, meanwhile) = await Meanwhile.Start();
        await using var _ = app;
        using var browser = new Browser(app);
        var person = app.Person("cons_456");
        await browser.SignIn(person);
        meanwhile.BeforeChanging<KnownBrowser>(b => b.Failures == 0, () => SignIn(app, person with { Password = "a guess" }));

        (await browser.Fill(Page, ("Current", person.Password), ("Password", Wanted), ("Again", Wanted))).ShouldLeadTo(
            "/settings?done=password");

        meanwhile.IsDone.Should().BeTrue();
        (await SignIn(app, person)).Should().Be(HttpStatusCode.Forbidden);
        (await SignIn(app, person with { Password = Wanted })).Should().Be(HttpStatusCode.Redirect);
    }

    /// <summary>Both changes verify the same current password, but the first one replaces it.</summary>
    [Fact]
    public async Task Of_two_simultaneous_changes_the_second_one_is_refused()
    {
        var (app, meanwhile) = await Meanwhile.Start();
        await using var _ = app;
        using var browser = new Browser(app);
        using var other = new Browser(app);
        var person = app.Person("cons_456");
        await browser.SignIn(person);
        await other.SignIn(person);
        var page = await other.Get(Page);
        meanwhile.BeforeChanging<KnownBrowser>(b => b.Failures == 0, () => // after the current password was verified
        {
            meanwhile.BeforeReading("sessions", async () => // and before the new one ends logins
                (await other.Send(page, Page, ("Current", person.Password), ("Password", Others), ("Again", Others))).ShouldLeadTo(
                    "/settings?done=password"));
            return Task.CompletedTask;
        });

        (await browser.Fill(Page, ("Current", person.Password), ("Password", Wanted), ("Again", Wanted))).ShouldSay(
            HttpStatusCode.OK, "This is not your current password");

        meanwhile.IsDone.Should().BeTrue();
        (await SignIn(app, person with { Password = Wanted })).Should().Be(HttpStatusCode.Forbidden);
        (await SignIn(app, person with { Password = Others })).Should().Be(HttpStatusCode.Redirect);
    }

    private static async Task<HttpStatusCode> SignIn(AegisApp app, (string Email, string Password) person)
    {
        using var browser = new Browser(app);
        return (await browser.SignIn(person)).Status;
    }
}
