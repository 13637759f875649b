using System.Net;
using Aegis.Auth.SignIn.External;
using Aegis.Kernel;
using Aegis.Tests.App;
using Aegis.Tests.Auth;
using Microsoft.Extensions.Configuration;

namespace Aegis.Tests.People;

/// <summary>What is left of signing in here where people sign in with another provider. That provider is met in the interop tests.</summary>
public sealed class ExternalProviderTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly (string, string?)[] Elsewhere =
    [
        ("Auth:External:Authority", "http://127.0.0.1:9"), ("Auth:External:ClientId", "aegis"), ("Auth:External:ClientSecret", "x"), ("Auth:External:Name", "Keycloak"),
    ];

    [Fact]
    public async Task Neither_a_password_nor_an_invitation_leads_past_the_provider()
    {
        var other = await auth.App.StartAnotherHost(Elsewhere);
        using var browser = new Browser(auth.App);
        using var there = new Browser(other, browser.Cookies);
        var admin = auth.With(await auth.Key(scopes: [.. Aegis.Auth.Catalogue.ScopeCatalogue.All], role: "aegis:admin"));
        var invited = (await admin.Post("/v1/users", new { email = "new@example.org", name = "New", role = (string?)null })).ShouldBe(HttpStatusCode.Created);
        var path = new Uri(invited["invitationUrl"]!).AbsolutePath;
        var signIn = await browser.Get("/sign-in");
        var invitation = await browser.Get(path);

        (await there.Send(signIn, "/sign-in", ("Email", "new@example.org"), ("Password", "x"))).ShouldSay(HttpStatusCode.Forbidden, "sign_in_external");
        (await there.Send(signIn, "/sign-in?handler=Passkey", ("Credential", "{}"))).ShouldSay(HttpStatusCode.Forbidden, "sign_in_external");
        (await there.Send(invitation, path, ("Name", "N"), ("Password", "seven grey herons"), ("Again", "seven grey herons"))).ShouldSay(HttpStatusCode.Forbidden, "sign_in_external");
        (await there.Get(path)).ShouldSay(HttpStatusCode.OK, "Sign in with Keycloak").Text.Should().NotContain("type=\"password\"");
        await other.DisposeAsync();
    }

    [Fact]
    public async Task A_provider_that_does_not_answer_is_named()
    {
        var other = await auth.App.StartAnotherHost(Elsewhere);
        using var there = new Browser(other);

        (await there.Get("/sign-in/external")).ShouldSay(HttpStatusCode.ServiceUnavailable, "Signing in with Keycloak is not possible now").Text.Should().Contain("sign_in_unavailable");
        (await there.Get("/sign-in")).ShouldSay(HttpStatusCode.OK, "Sign in with Keycloak");
        await other.DisposeAsync();
    }

    [Fact]
    public async Task Without_a_provider_its_address_leads_to_the_form()
    {
        using var browser = new Browser(auth.App);

        (await browser.Get("/sign-in/external?returnUrl=/settings")).ShouldLeadTo("/sign-in?returnUrl=%2Fsettings");
    }

    [Theory]
    [InlineData("http://login.example.org", "s", "Auth:External:Authority must*")]
    [InlineData("login.example.org", "s", "Auth:External:Authority must*")]
    [InlineData("https://login.example.org", "", "Auth:External:ClientSecret is missing*")]
    public void A_provider_that_is_half_configured_stops_the_start(string authority, string secret, string sentence)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["Auth:External:Authority"] = authority, ["Auth:External:ClientId"] = "aegis", ["Auth:External:ClientSecret"] = secret }).Build();

        var read = () => ExternalOptions.From(configuration);

        read.Should().Throw<StartRefusedException>().WithMessage(sentence);
    }
}
