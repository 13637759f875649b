using System.Text.Json.Nodes;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Auth;

/// <summary>Applications, their review and the decision.</summary>
public sealed class ApplicationTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private ApiClient Admin => auth.App.As("admin");

    [Fact]
    public async Task An_applicant_follows_its_application_with_the_status_token()
    {
        var submitted = await auth.Apply();

        submitted["status"].Should().Be("submitted");
        submitted.Id.Should().StartWith("app_");
        submitted.Headers.CacheControl!.NoStore.Should().BeTrue();
        submitted.Headers.Location!.OriginalString
            .Should().EndWith($"/v1/applications/{submitted.Id}").And.NotContain(submitted["statusToken"]);
        var seen = (await Following(submitted).Get($"/v1/applications/{submitted.Id}")).ShouldBe(HttpStatusCode.OK);
        seen["status"].Should().Be("submitted");
        seen["ein"].Should().Be("**-***6789");
        seen["contact.name"].Should().Be(Applying.Contact);
        seen["contact.email"].Should().EndWith("@canary.example");
        seen["partner.id"].Should().Be("prov_123");
        seen.Text.Should().NotContain("345678");
    }

    [Fact]
    public async Task Nobody_else_reads_an_application()
    {
        var submitted = await auth.Apply();
        var other = await auth.Apply();
        var path = $"/v1/applications/{submitted.Id}";

        (await auth.Anonymous.Get(path)).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        (await Following(other).Get(path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await Following(other).Get("/v1/applications/app_nobody")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await auth.With(await auth.Key(scopes: ["org:read"])).Get(path)).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
        (await auth.With(await auth.Key(scopes: ["tenant:onboard"], role: "aegis:admin"))
            .Get(path)).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        (await auth.WithToken("aegis_x").Get(path)).ShouldBeRefused(HttpStatusCode.Unauthorized, "api_key_invalid");
    }

    [Fact]
    public async Task The_platforms_admin_lists_applications_by_status_and_others_see_none()
    {
        var submitted = (await auth.Apply()).Id;
        var inReview = await auth.InReview();

        var waiting = Ids(await Admin.Get("/v1/applications?status=submitted&limit=200"));
        waiting.Should().Contain(submitted).And.NotContain(inReview);
        Ids(await Admin.Get("/v1/applications?limit=200")).Should().Contain([submitted, inReview]);
        Ids(await auth.With(await auth.Key(scopes: ["tenant:onboard"], role: "aegis:admin")).Get("/v1/applications")).Should().BeEmpty();
        (await auth.App.As("operator").Get("/v1/applications")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
    }

    [Fact]
    public async Task Approval_creates_the_organization_and_its_admin()
    {
        var approved = await auth.Approved(Applying.Body(auth.Clock, "provider", "Example Imaging LLC"));

        approved["status"].Should().Be("approved");
        approved["organizationId"].Should().StartWith("prov_");
        approved["claimUrl"].Should().StartWith($"{auth.App.BaseAddress.Scheme}://").And.Contain("/claim/");
        approved.Headers.CacheControl!.NoStore.Should().BeTrue();
        DateTimeOffset.Parse(approved["claimExpiresAt"]!, null)
            .Should().BeCloseTo(auth.Clock.GetUtcNow().AddHours(72), TimeSpan.FromMinutes(1));
        await auth.App.Use<AuthDb>(async db =>
        {
            var organization = await db.Organizations.SingleAsync(o => o.Id == approved["organizationId"]);
            (organization.Name, organization.IsProvider, organization.IsConsumer).Should().Be(("Example Imaging LLC", true, false));
            var user = await db.Users.SingleAsync(u => u.OrganizationId == organization.Id);
            (user.Id, user.Role, user.Name).Should().Be((approved["userId"]!, "aegis:admin", Applying.Contact));
        });
        (await Happened(approved.Id)).Should().Equal("application.submitted", "application.review_started", "application.approved");
        (await Admin.Get($"/v1/applications/{approved.Id}"))["organizationId"].Should().Be(approved["organizationId"]);
    }

    [Fact]
    public async Task The_applicant_reads_why_it_was_rejected()
    {
        var submitted = await auth.Apply();
        await Admin.Post($"/v1/applications/{submitted.Id}/review");

        var rejected = (await Admin.Post($"/v1/applications/{submitted.Id}/reject",
                new { reason = "baa_invalid", note = "A signature is missing." })).ShouldBe(HttpStatusCode.OK);

        rejected["status"].Should().Be("rejected");
        var seen = await Following(submitted).Get($"/v1/applications/{submitted.Id}");
        (seen["status"], seen["rejectionReason"], seen["note"]).Should().Be(("rejected", "baa_invalid", "A signature is missing."));
        (await Happened(submitted.Id)).Should().EndWith("application.rejected");
    }

    [Fact]
    public async Task Each_step_needs_the_one_before()
    {
        var id = (await auth.Apply()).Id;
        var path = $"/v1/applications/{id}";
        var reject = new { reason = "duplicate" };

        (await Admin.Post($"{path}/approve")).ShouldBeRefused(HttpStatusCode.Conflict, "application_not_in_review");
        (await Admin.Post($"{path}/reject", reject)).ShouldBeRefused(HttpStatusCode.Conflict, "application_not_in_review");
        (await Admin.Post($"{path}/claim")).ShouldBeRefused(HttpStatusCode.Conflict, "application_not_approved");
        (await Admin.Post($"{path}/review")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("in_review");
        (await Admin.Post($"{path}/review")).ShouldBeRefused(HttpStatusCode.Conflict, "application_not_submitted");
        (await Admin.Post($"{path}/reject", new { reason = "other" })).ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        (await Admin.Post($"{path}/reject", reject)).ShouldBe(HttpStatusCode.OK);
        (await Admin.Post($"{path}/approve")).ShouldBeRefused(HttpStatusCode.Conflict, "application_not_in_review");
    }

    [Fact]
    public async Task An_application_with_insufficient_evidence_is_not_approved()
    {
        var unknown = Applying.Body(auth.Clock);
        unknown["partner"]!["id"] = "prov_nobody";
        var taken = Applying.Body(auth.Clock);
        taken["contact"]!["email"] = "operator@cons-456.sandbox.example";

        (await Admin.Post($"/v1/applications/{await auth.InReview(unknown)}/approve")).ShouldBeRefused(
            HttpStatusCode.Conflict, "partner_not_registered");
        (await Admin.Post($"/v1/applications/{await auth.InReview(taken)}/approve")).ShouldBeRefused(
            HttpStatusCode.Conflict, "email_taken");
    }

    [Fact]
    public async Task An_agreement_that_ended_during_the_review_is_not_approved()
    {
        await using var app = await OwnAuth.Start();
        var own = app.Auth;
        var body = Applying.Body(own.Clock);
        body["baa"]!["validUntil"] = Applying.Day(own.Clock, 0);
        var id = await own.InReview(body);

        own.Clock.Advance(TimeSpan.FromDays(1));

        (await own.App.As("admin").Post($"/v1/applications/{id}/approve")).ShouldBeRefused(HttpStatusCode.Conflict, "baa_expired");
    }

    [Theory]
    [InlineData("organizationName", "\"\"", "organizationName")]
    [InlineData("organizationName", "\"a\\u0007b\"", "organizationName")]
    [InlineData("roles", "[]", "roles")]
    [InlineData("roles", "[\"consumer\",\"consumer\"]", "roles")]
    [InlineData("roles", "[\"spectator\"]", "roles[0]")]
    [InlineData("contact.email", "\"nobody\"", "contact.email")]
    [InlineData("contact.email", "\"a@b.example\\nX\"", "contact.email")]
    [InlineData("contact.name", "\"\"", "contact.name")]
    [InlineData("contact", "null", "contact")]
    [InlineData("entity.state", "\"ZZ\"", "entity.state")]
    [InlineData("entity.ein", "\"123\"", "entity.ein")]
    [InlineData("entity.ein", "\"00-3456789\"", "entity.ein")]
    [InlineData("baa.signedOn", "tomorrow", "baa.signedOn")]
    [InlineData("baa.validUntil", "yesterday", "baa.validUntil")]
    [InlineData("baa.validUntil", "\"2999-01-01\"", "baa.validUntil")]
    [InlineData("baa.validUntil", "\"soon\"", "baa.validUntil")]
    [InlineData("baa.sha256", "\"abc\"", "baa.sha256")]
    [InlineData("partner.name", "\"Both\"", "partner.id")]
    [InlineData("partner.id", "null", "partner.id")]
    [InlineData("partner.id", "\"\"", "partner.id")]
    public async Task An_invalid_application_names_the_wrong_field(string path, string value, string named)
    {
        var body = Applying.Body(auth.Clock);
        var names = path.Split('.');
        var json = value switch
        {
            "tomorrow" => $"\"{Applying.Day(auth.Clock, 1)}\"",
            "yesterday" =>
            $"\"{Applying.Day(auth.Clock, -1)}\"",
            _ => value
        };
        (names.Length == 1 ? body : body[names[0]]!.AsObject())[names[^1]] = JsonNode.Parse(json);

        var refused = await auth.Anonymous.Post("/v1/applications", body.ToJsonString());

        refused.ShouldBeRefused(HttpStatusCode.BadRequest, "validation_failed");
        refused.Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(named);
    }

    [Fact]
    public async Task A_repeat_makes_no_second_application_and_clients_do_not_share_idempotency_keys()
    {
        var client = auth.Anonymous.With("Idempotency-Key", "once");
        var (mine, another) = (Applying.Body(auth.Clock).ToJsonString(), Applying.Body(auth.Clock).ToJsonString());
        var first = (await client.Post("/v1/applications", mine)).ShouldBe(HttpStatusCode.Created);

        (await client.Post("/v1/applications", mine)).ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"]
            .Should().Be(first.Id);
        (await client.Post("/v1/applications", another)).ShouldBe(HttpStatusCode.Created).Id.Should().NotBe(first.Id);
    }

    [Fact]
    public async Task Repeated_decisions_have_the_effect_of_one()
    {
        var id = (await auth.Apply()).Id;
        var admin = Admin.With("Idempotency-Key", id);

        (await admin.Post($"/v1/applications/{id}/review")).ShouldBe(HttpStatusCode.OK);
        (await admin.Post($"/v1/applications/{id}/review")).ShouldBe(HttpStatusCode.OK)["status"].Should().Be("in_review");
        (await admin.Post($"/v1/applications/{id}/approve")).ShouldBe(HttpStatusCode.OK);
        (await admin.Post($"/v1/applications/{id}/approve")).ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"]
            .Should().Be(id);
        (await Happened(id)).Should().ContainSingle(e => e == "application.approved");
    }

    [Fact]
    public async Task Names_and_numbers_are_stored_only_sealed()
    {
        var body = Applying.Body(auth.Clock);
        var email = body["contact"]!["email"]!.GetValue<string>();
        var submitted = await auth.Apply(body);
        var token = submitted["statusToken"]!;
        await Following(submitted).Get($"/v1/applications/{submitted.Id}");
        (await Admin.Post($"/v1/applications/{submitted.Id}/review")).ShouldBe(HttpStatusCode.OK);

        string[] secrets = [token, "345678", email.ToLowerInvariant(), email, Applying.Contact];
        var trail = (await Admin.Get("/v1/audit?limit=200")).Text;
        foreach (var secret in secrets)
        {
            trail.Should().NotContain(secret);
            auth.App.Logs.Lines.Should().NotContain(line => line.Contains(secret, StringComparison.Ordinal));
        }

        var stored = await auth.App.Use<AuthDb, Aegis.Auth.Tenancy.Applications.Application>(db =>
            db.Applications.SingleAsync(a => a.Id == submitted.Id));
        var bytes = System.Text.Encoding.Latin1.GetString([.. stored.SealedApplicant, .. stored.StatusTokenHash]);
        foreach (var secret in secrets) bytes.Should().NotContain(secret);
    }

    [Fact]
    public async Task Unauthenticated_callers_cannot_fill_the_database()
    {
        await using var app = await OwnApp.Start(("Applications:MostWaiting", "2"), ("RateLimits:ApplicationsPerHour", "4"));
        var answers = new List<ApiResponse>();
        while (answers.Count < 5) answers.Add(await app.App.Anonymous.Post("/v1/applications", Applying.Body(app.App.Clock)));

        answers.Take(2).Should().OnlyContain(a => a.Status == HttpStatusCode.Created);
        answers[2].ShouldBeRefused(HttpStatusCode.ServiceUnavailable, "applications_full");
        answers[4].ShouldBeRefused(HttpStatusCode.TooManyRequests, "rate_limited").Headers.RetryAfter.Should().NotBeNull();
        (await app.App.Anonymous.Get("/v1/applications/app_1")).ShouldBeRefused(HttpStatusCode.Unauthorized, "unauthenticated");
        (await app.App.As("admin").Get("/v1/applications")).ShouldBe(HttpStatusCode.OK);
    }

    private ApiClient Following(ApiResponse submitted) => auth.Anonymous.With("X-Status-Token", submitted["statusToken"]!);

    private Task<List<string>> Happened(string id) => auth.App.NamesOf(id, "application.");

    private static List<string> Ids(ApiResponse list) =>
        list.ShouldBe(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetString()!).ToList();
}
