using Aegis.Auth.People.SignIn;

namespace Aegis.Tests.People;

/// <summary>Changes of a password beside other changes of the same user.</summary>
public sealed class PasswordChangeTests
{
    private const string Page = "/settings/password";
    private const string Wanted = "seven grey herons at noon";
    private const string Others = "four brown owls at dusk";

    /// <summary>Whoever changes a password because somebody tries it must not be told that it is changed when it is not.</summary>
    [Fact]
    public async Task It_is_changed_also_while_somebody_guesses()
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

    /// <summary>The other one began with the same password, which is the present one no more.</summary>
    [Fact]
    public async Task Of_two_changes_at_once_one_is_told_that_it_came_too_late()
    {
        var (app, meanwhile) = await Meanwhile.Start();
        await using var _ = app;
        using var browser = new Browser(app);
        using var other = new Browser(app);
        var person = app.Person("cons_456");
        await browser.SignIn(person);
        await other.SignIn(person);
        var page = await other.Get(Page);
        meanwhile.BeforeChanging<KnownBrowser>(b => b.Failures == 0, () => // once it is known that the present password is right,
        {
            meanwhile.BeforeReading("sessions", async () => // and before what the new one ends
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
