using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.People;

public sealed class UsersTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly string[] Everything = [.. ScopeCatalogue.All];

    [Fact]
    public async Task An_admin_invites_a_person_and_the_link_is_shown_once()
    {
        var admin = await Admin();
        var email = Email();

        var invited = (await admin.With("Idempotency-Key", email).Post("/v1/users", Body(email))).ShouldBe(HttpStatusCode.Created);
        var repeated = await admin.With("Idempotency-Key", email).Post("/v1/users", Body(email));

        invited["invitationUrl"].Should().MatchRegex("/invitation/[A-Za-z0-9_-]{43}$");
        invited.Headers.CacheControl!.NoStore.Should().BeTrue();
        invited.Headers.Location!.AbsolutePath.Should().Be($"/v1/users/{invited.Id}");
        invited.Json.GetProperty("expiresAt").GetDateTimeOffset()
            .Should().BeCloseTo(auth.Clock.GetUtcNow().AddHours(72), TimeSpan.FromMinutes(1));
        repeated.ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"].Should().Be(invited.Id);
        var read = (await admin.Get($"/v1/users/{invited.Id}")).ShouldBe(HttpStatusCode.OK);
        (read["email"], read["role"], read["hasPassword"]).Should().Be((email.ToLowerInvariant(), "aegis:operator", "False"));
        read.Text.Should().NotContain("invitation");
        (await auth.App.NamesOf(invited.Id)).Should().Equal("user.created", "user.invited");
        var token = invited["invitationUrl"]!.Split('/')[^1];
        (await auth.App.EventBodies()).Should().NotContain(b => b.Contains(token, StringComparison.Ordinal));
        auth.App.Logs.Lines.Should().NotContain(l => l.Contains(token, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_existing_user_a_malformed_address_and_an_unknown_role_are_refused()
    {
        var admin = await Admin();
        var email = Email();
        await admin.Post("/v1/users", Body(email));

        (await admin.Post("/v1/users", Body(email.ToUpperInvariant()))).ShouldBeRefused(HttpStatusCode.Conflict, "email_taken");
        foreach (var malformed in new[] { "", "nobody", "a b@example.org", "A <a@example.org>", "a@example.org,b@example.org" })
            (await admin.Post("/v1/users", Body(malformed))).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await admin.Post("/v1/users", new { email = Email(), name = "a", role = "root" })).ShouldBeRefused(
            HttpStatusCode.BadRequest, "validation_failed");
    }

    [Fact]
    public async Task Changing_users_requires_an_admin_with_an_original_key_that_allows_as_much()
    {
        var admin = await auth.Key(scopes: Everything, role: Roles.Admin);
        var child = (await auth.With(admin)
            .Post("/v1/auth/keys", new { name = "c", preset = "full-access", expiry = "7d" })).ShouldBe(HttpStatusCode.Created)["key"]!;
        var narrow = auth.With(await auth.Key(scopes: ["org:read", "org:write"], role: Roles.Admin));
        var user = await auth.Key();

        (await auth.With(await auth.Key(scopes: Everything))
            .Post("/v1/users", Body(Email()))).ShouldBeRefused(HttpStatusCode.Forbidden, "admin_only");
        (await auth.WithToken(child).Post("/v1/users", Body(Email()))).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        (await narrow.Post("/v1/users", Body(Email()))).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await narrow.Post($"/v1/users/{user.UserId}/invitation")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await auth.With(admin).Post("/v1/users", Body(Email()))).ShouldBe(HttpStatusCode.Created);
    }

    [Fact]
    public async Task A_narrow_login_of_an_admin_cannot_demote_another_admin_to_take_over_that_user()
    {
        var admin = await auth.Person(role: Roles.Admin);
        var narrow = auth.WithToken(
            (await auth.DeviceLogin(admin, string.Join(' ', [.. Roles.Cap(null), "org:read", "org:write"])))["access_token"]!);
        var other = await auth.Person(role: Roles.Admin);

        foreach (var body in new object[] { new { role = (string?)null }, new { disabled = true }, new { name = "Somebody else" } })
            (await narrow.Patch($"/v1/users/{other.UserId}", body)).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await narrow.Post($"/v1/users/{other.UserId}/invitation")).ShouldBeRefused(HttpStatusCode.Forbidden, "scope_exceeds_creator");
        (await narrow.Patch($"/v1/users/{(await auth.Person(role: null)).UserId}", new { name = "Somebody else" })).ShouldBe(
            HttpStatusCode.OK);
    }

    [Fact]
    public async Task Users_of_another_organization_are_not_found()
    {
        var admin = await Admin();
        var other = (await auth.Key("cons_789")).UserId;

        foreach (var answer in new[]
        {
            await admin.Get($"/v1/users/{other}"), await admin.Patch($"/v1/users/{other}", new { name = "x" }),
            await admin.Delete($"/v1/users/{other}"), await admin.Post($"/v1/users/{other}/invitation"),
        })
            answer.ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await admin.Get("/v1/users")).ShouldBe(HttpStatusCode.OK).Text.Should().NotContain(other);
    }

    [Fact]
    public async Task A_demotion_takes_effect_at_once_for_key_token_and_login()
    {
        var admin = await Admin();
        var key = await auth.Key(scopes: ["org:read", "org:write", "study:read", "key:create"]);
        var token = auth.WithToken(await auth.Token(key));
        var person = await auth.Person();
        (await token.Get("/v1/organizations/me")).ShouldBe(HttpStatusCode.OK);

        foreach (var id in new[] { key.UserId, person.UserId })
            (await admin.Patch($"/v1/users/{id}", new { role = (string?)null })).ShouldBe(HttpStatusCode.OK)["role"].Should().BeNull();

        (await auth.With(key).Get("/v1/organizations/me")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await token.Get("/v1/organizations/me")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await person.Caller()).Scopes.Should().Contain("study:read").And.NotContain("org:read");
        (await auth.App.NamesOf(key.UserId, "user.")).Should().Contain("user.role_changed");
    }

    [Fact]
    public async Task A_disabled_user_can_do_nothing_until_enabled_and_the_logins_stay_ended()
    {
        var admin = await Admin();
        var person = await auth.Person();
        var key = (await auth.WithToken(await AccessToken(person))
            .Post("/v1/auth/keys", new { name = "k", preset = "developer", expiry = "7d" })).ShouldBe(HttpStatusCode.Created)["key"]!;
        var token = await AccessToken(person);

        (await admin.Patch($"/v1/users/{person.UserId}", new { disabled = true })).ShouldBe(HttpStatusCode.OK)["disabledAt"]
            .Should().NotBeNull();

        (await auth.WithToken(key).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "user_disabled");
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
        (await admin.Post($"/v1/users/{person.UserId}/invitation")).ShouldBeRefused(HttpStatusCode.Conflict, "user_is_disabled");
        (await admin.Patch($"/v1/users/{person.UserId}", new { disabled = false })).ShouldBe(HttpStatusCode.OK)["disabledAt"]
            .Should().BeNull();
        (await auth.WithToken(key).Get("/v1/auth/session")).ShouldBe(HttpStatusCode.OK);
        (await auth.WithToken(token).Get("/v1/auth/session")).ShouldBeRefused(HttpStatusCode.Unauthorized, "session_ended");
    }

    [Fact]
    public async Task Nothing_of_a_removed_user_works_any_more()
    {
        var admin = await Admin();
        var person = await auth.Person();
        var key = (await auth.WithToken(await AccessToken(person))
            .Post("/v1/auth/keys", new { name = "k", preset = "developer", expiry = "7d" })).ShouldBe(HttpStatusCode.Created);

        (await admin.Delete($"/v1/users/{person.UserId}")).ShouldBe(HttpStatusCode.NoContent);

        (await auth.WithToken(key["key"]!).Get("/v1/auth/session")).Status.Should().Be(HttpStatusCode.Unauthorized);
        (await admin.Get($"/v1/users/{person.UserId}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await admin.Get($"/v1/auth/keys/{key.Id}")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("revoked");
        (await auth.App.NamesOf(person.UserId, "user.removed")).Should().ContainSingle();
        (await admin.Post("/v1/users", Body(person.Email))).ShouldBe(HttpStatusCode.Created); // the address is free again
    }

    [Fact]
    public async Task Admins_cannot_change_their_own_role_or_disable_or_remove_themselves()
    {
        var admin = await auth.Key(scopes: Everything, role: Roles.Admin);
        var self = $"/v1/users/{admin.UserId}";

        (await auth.With(admin).Patch(self, new { role = "aegis:operator" })).ShouldBeRefused(HttpStatusCode.Forbidden, "own_user");
        (await auth.With(admin).Patch(self, new { disabled = true })).ShouldBeRefused(HttpStatusCode.Forbidden, "own_user");
        (await auth.With(admin).Delete(self)).ShouldBeRefused(HttpStatusCode.Forbidden, "own_user");
        (await auth.With(admin).Patch(self, new { name = "Another name", role = "aegis:admin" })).ShouldBe(HttpStatusCode.OK)["name"]
            .Should().Be("Another name");
    }

    [Fact]
    public async Task Of_two_admins_who_demote_each_other_at_the_same_time_one_stays_admin()
    {
        for (var round = 0; round < 5; round++)
        {
            var (one, other) = (await auth.Key("cons_789", Everything, Roles.Admin), await auth.Key("cons_789", Everything, Roles.Admin));
            await auth.App.Use<AuthDb>(db =>
                db.Users.Where(u => u.OrganizationId == "cons_789" && u.Id != one.UserId && u.Id != other.UserId)
                .ExecuteUpdateAsync(u => u.SetProperty(x => x.Role, Roles.Operator)));

            await Task.WhenAll(
                auth.With(one).Patch($"/v1/users/{other.UserId}", new { role = "aegis:operator" }),
                auth.With(other).Patch($"/v1/users/{one.UserId}", new { role = "aegis:operator" }));

            (await auth.App.Use<AuthDb, int>(db => db.Users.CountAsync(u => u.OrganizationId == "cons_789" && u.Role == Roles.Admin)))
                .Should().Be(1);
        }
    }

    [Fact]
    public async Task An_admin_who_is_demoted_during_the_call_demotes_nobody()
    {
        var (app, meanwhile) = await Meanwhile.Start();
        var host = AuthApp.On(app);
        var (one, other) = (await host.Key("cons_789", Everything, Roles.Admin), await host.Key("cons_789", Everything, Roles.Admin));

        meanwhile.BeforeReading("organizations", () => host.With(one).Patch($"/v1/users/{other.UserId}", new { role = "aegis:operator" }));
        var refused = await host.With(other).Patch($"/v1/users/{one.UserId}", new { role = "aegis:operator" });

        meanwhile.IsDone.Should().BeTrue();
        refused.ShouldBeRefused(HttpStatusCode.Forbidden, "admin_only");
        (await app.Use<AuthDb, string?>(db => db.Users.Where(u => u.Id == one.UserId).Select(u => u.Role).SingleAsync()))
            .Should().Be(Roles.Admin);
        await app.DisposeAsync();
    }

    [Fact]
    public async Task A_key_cannot_enrol_an_authenticator_for_a_user_who_can_sign_in()
    {
        (await auth.App.As("operator").Post("/v1/auth/totp")).ShouldBeRefused(HttpStatusCode.Forbidden, "key_not_original");
        var person = await auth.Person();
        (await auth.WithToken(await AccessToken(person)).Post("/v1/auth/totp")).ShouldBe(HttpStatusCode.OK);
    }

    private async Task<ApiClient> Admin() => auth.With(await auth.Key(scopes: Everything, role: Roles.Admin));

    private async Task<string> AccessToken(Person person) => (await auth.DeviceLogin(person))["access_token"]!;

    private string Email() => $"{Aegis.Kernel.Identifiers.Ids.New("New", auth.Clock.GetUtcNow())}@example.org";

    private static object Body(string email) => new { email, name = "New person", role = "aegis:operator" };
}
