using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;

namespace Aegis.Interop.Tests.People;

/// <summary>People who sign in with the npm package oidc-provider instead of a password.</summary>
public sealed class ExternalSignInTests : IAsyncLifetime
{
    private readonly HttpClient http = new();
    private Process node = null!;
    private Uri provider = null!;
    private AegisApp app = null!;

    private string PublicUrl => app.Services.GetRequiredService<IPublicUrl>().Value;

    public async Task InitializeAsync()
    {
        if (Tool.Missing(["oidc-provider"]) is not null) return;
        node = Tool.Start(Path.Combine(Tool.Folder, "npm"), "node", "oidc-signin.mjs");
        _ = node.StandardError.ReadToEndAsync();
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1))
            ?? throw new InvalidOperationException("It did not start.");
        provider = new Uri($"http://127.0.0.1:{JsonDocument.Parse(line).RootElement.GetProperty("port").GetInt32()}");
        app = await AegisApp.Start(
            ("Auth:External:Authority", provider.ToString()), ("Auth:External:ClientId", "aegis"),
            ("Auth:External:ClientSecret", "a secret of the interop test"),
            ("Auth:External:Name", "Keycloak"));
        await http.GetStringAsync(
            new Uri(provider, $"/configure?redirect={Uri.EscapeDataString($"{PublicUrl}/sign-in/external/callback")}"));
    }

    public async Task DisposeAsync()
    {
        if (node is null) return;
        node.StandardInput.Close();
        await node.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(20));
        node.Dispose();
        http.Dispose();
        await app.DisposeAsync();
    }

    [InteropFact("oidc-provider")]
    public async Task An_invited_person_signs_in_with_the_provider_and_is_found_by_the_subject_from_then_on()
    {
        var (id, email) = await Invite();

        var first = await SignIn(email);
        await app.Use<AuthDb, int>(db => db.Users.Where(u => u.Id == id)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.Email, "other@example.org")));
        var second = await SignIn(email, verified: false);

        foreach (var ended in new[] { first, second })
        {
            ended.GetProperty("address").GetString().Should().EndWith("/settings/api-keys");
            ended.GetProperty("status").GetInt32().Should().Be(200);
            ended.GetProperty("cookies").EnumerateArray().Select(c => c.GetString()).Should().Contain("aegis");
        }

        var session = await app.Use<AuthDb, Auth.Access.Sessions.Session>(db => db.Sessions.Where(s => s.UserId == id).OrderBy(s => s.Id)
            .FirstAsync());
        session.AuthMethod.Should().StartWith("ext");
        (await app.NamesOf(id, "user.")).Should().Contain("user.linked");
    }

    [InteropFact("oidc-provider")]
    public async Task A_person_of_the_provider_who_was_not_invited_cannot_sign_in()
    {
        var (_, email) = await Invite();

        foreach (var ended in new[] { await SignIn("stranger@example.org"), await SignIn(email, verified: false) })
        {
            ended.GetProperty("status").GetInt32().Should().Be(403);
            ended.GetProperty("html").GetString().Should().Contain("No user of Aegis has this account");
            ended.GetProperty("cookies").EnumerateArray().Select(c => c.GetString()).Should().NotContain("aegis");
        }
    }

    [InteropFact("oidc-provider")]
    public async Task Signing_in_again_asks_a_person_whom_the_provider_remembers()
    {
        var (id, email) = await Invite();

        var remembered = await SignIn(email, then: "/sign-in/external?returnUrl=/settings");
        var proved = await SignIn(email, then: "/sign-in/external?again=true&returnUrl=/settings/api-keys/new");

        remembered.GetProperty("asked").GetInt32().Should().Be(1);
        proved.GetProperty("asked").GetInt32().Should().Be(2);
        proved.GetProperty("address").GetString().Should().EndWith("/settings/api-keys/new");
        proved.GetProperty("status").GetInt32().Should().Be(200);
        (await app.NamesOf(id, "session.pro")).Should().Equal("session.proved");
    }

    [InteropFact("oidc-provider")]
    public async Task With_a_provider_there_is_no_password_field()
    {
        var page = (await app.Anonymous.Get("/sign-in")).Text;

        page.Should().Contain("Continue with Keycloak").And.NotContain("type=\"password\"");
        var forged = await app.Anonymous.Get("/sign-in/external/callback?code=x&state=x");
        forged.Text.Should().Contain("took too long, or began in another browser");
    }

    private async Task<JsonElement> SignIn(string email, bool verified = true, string? then = null)
    {
        var at = new Uri($"{PublicUrl}/sign-in/external?returnUrl=/settings/api-keys");
        var next = then is null ? "" : $"&then={Uri.EscapeDataString(PublicUrl + then)}";
        var query = $"at={Uri.EscapeDataString(at.ToString())}&as={Uri.EscapeDataString(email)}&verified={(verified ? "true" : "false")}";
        var answer = await http.GetStringAsync(new Uri(provider, $"/sign-in?{query}{next}"));
        return JsonDocument.Parse(answer).RootElement;
    }

    private async Task<(string Id, string Email)> Invite()
    {
        var now = app.Clock.GetUtcNow();
        var email = $"{Ids.New("u", now)}@example.org";
        var user = User.Create(Ids.New("usr", now), "cons_456", email, "Test person", "aegis:operator", now);
        await app.Use<AuthDb>(async db =>
        {
            db.Add(user);
            await db.SaveChangesAsync();
        });
        return (user.Id, email);
    }
}
