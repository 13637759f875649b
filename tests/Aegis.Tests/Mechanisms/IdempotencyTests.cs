namespace Aegis.Tests.Mechanisms;

/// <summary>A call with an Idempotency-Key has the effect of once.</summary>
public sealed class IdempotencyTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_repeat_gets_the_same_answer_and_makes_nothing_new()
    {
        var consumer = app.As("consumer").With("Idempotency-Key", "repeat-1");

        var first = await consumer.Post("/v1/requests", Asking.JaneDoe);
        var second = await consumer.Post("/v1/requests", Asking.JaneDoe);

        first.ShouldBe(HttpStatusCode.Created);
        second.ShouldBe(HttpStatusCode.Created).Text.Should().Be(first.Text);
        second.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
    }

    [Fact]
    public async Task Another_body_under_the_same_key_is_refused()
    {
        var consumer = app.As("consumer").With("Idempotency-Key", "repeat-2");
        (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);

        var other = await consumer.Post("/v1/requests", Asking.JaneDoe.Replace("AI review", "Second opinion", StringComparison.Ordinal));

        other.ShouldBeRefused(HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task Simultaneous_repeats_on_two_hosts_make_one_request()
    {
        var second = await app.StartAnotherHost();
        ApiClient[] hosts = [app.As("consumer").With("Idempotency-Key", "storm"), second.As("consumer").With("Idempotency-Key", "storm")];

        var responses = await Task.WhenAll(Enumerable.Range(0, 24).Select(i => hosts[i % 2].Post("/v1/requests", Asking.JaneDoe)));

        responses.Where(r => r.Status == HttpStatusCode.Created).Select(r => r.Id).Distinct().Should().ContainSingle();
        foreach (var refused in responses.Where(r => r.Status != HttpStatusCode.Created))
            refused.ShouldBeRefused(HttpStatusCode.Conflict, "idempotency_in_progress");
        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_change_that_lost_to_another_is_remembered_by_what_it_made_in_the_end()
    {
        const string Body = """{"name":"beside others","expiry":"30d","scopes":["study:read"]}""";
        var calls = Enumerable.Range(0, 16).Select(i => app.As("admin").With("Idempotency-Key", $"beside-{i}")).ToList();

        // each counts as a child of the same key, so most of them lose at first
        var made = await Task.WhenAll(calls.Select(c => c.Post("/v1/auth/keys", Body)));
        var again = await Task.WhenAll(calls.Select(c => c.Post("/v1/auth/keys", Body)));

        foreach (var (key, repeat) in made.Zip(again))
            repeat.ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"]
                .Should().Be(key.ShouldBe(HttpStatusCode.Created).Id);
    }

    [Fact]
    public async Task The_host_that_loses_gives_the_winners_whole_answer()
    {
        const int Rounds = 20; // a host loses in about every second one
        var second = await app.StartAnotherHost();
        var (here, there) = (app.As("consumer"), second.As("consumer"));

        for (var round = 0; round < Rounds; round++)
        {
            var key = $"lost-{round}";
            var answers = await Task.WhenAll(
                here.With("Idempotency-Key", key).Post("/v1/requests", Asking.JaneDoe),
                there.With("Idempotency-Key", key).Post("/v1/requests", Asking.JaneDoe));

            answers[0].ShouldBe(HttpStatusCode.Created);
            answers[1].ShouldBe(HttpStatusCode.Created).Text.Should().Be(answers[0].Text);
        }

        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_key_is_forgotten_after_a_day()
    {
        var own = await AegisApp.Start();
        var consumer = own.As("consumer").With("Idempotency-Key", "yesterday");
        var first = await consumer.Post("/v1/requests", Asking.JaneDoe);
        own.Clock.Advance(TimeSpan.FromHours(24));

        var second = await consumer.Post("/v1/requests", Asking.JaneDoe);

        second.ShouldBe(HttpStatusCode.Created).Id.Should().NotBe(first.Id);
        await own.DisposeAsync();
    }

    [Fact]
    public async Task A_key_is_bounded()
    {
        var response = await app.As("consumer").With("Idempotency-Key", new string('k', 256)).Post("/v1/requests", Asking.JaneDoe);

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task A_registration_that_two_hosts_get_at_once_is_answered_alike_by_both()
    {
        const int Rounds = 10;
        var second = await app.StartAnotherHost();
        var (here, there) = (app.As("admin"), second.As("admin"));

        for (var round = 0; round < Rounds; round++)
        {
            var (key, body) = ($"registered-{round}", new { name = $"registered-{round}", credential_type = "api_key", provider = "env" });
            var answers = await Task.WhenAll(
                here.With("Idempotency-Key", key).Post("/v1/credentials", body),
                there.With("Idempotency-Key", key).Post("/v1/credentials", body));

            answers[0].ShouldBe(HttpStatusCode.Created);
            answers[1].ShouldBe(HttpStatusCode.Created).Text.Should().Be(answers[0].Text);
        }

        await second.DisposeAsync();
    }

    [Fact]
    public async Task A_call_that_release_0_1_0_stored_is_found_for_its_day()
    {
        var made = (await app.As("consumer").Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created);
        var subject = (await app.As("consumer").Get("/v1/auth/session"))["subject"];
        await app.Use<KernelDb>(async db =>
        {
            db.Add(new IdempotencyRow
            {
                Id = Sha256($"cons_456\n{subject}\nPOST\n/v1/requests\nupgraded"),
                BodyDigest = Sha256(Asking.JaneDoe),
                ObjectId = made.Id,
                At = app.Clock.GetUtcNow(),
            });
            await db.SaveChangesAsync();
        });
        var consumer = app.As("consumer").With("Idempotency-Key", "upgraded");

        (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Id.Should().Be(made.Id);
        (await consumer.Post("/v1/requests", Asking.JaneDoe + " ")).ShouldBeRefused(
            HttpStatusCode.UnprocessableEntity, "idempotency_key_reused");
    }

    [Fact]
    public async Task A_registration_whose_name_is_taken_names_no_object_in_the_audit_trail()
    {
        var admin = app.As("admin");
        var body = new { name = "taken-once", credential_type = "api_key", provider = "env" };
        (await admin.Post("/v1/credentials", body)).ShouldBe(HttpStatusCode.Created);
        (await admin.Post("/v1/credentials", body)).ShouldBeRefused(HttpStatusCode.BadRequest, "credential_exists");

        var refused = (await admin.Get("/v1/audit?limit=20")).Json.GetProperty("items").EnumerateArray()
            .First(e => e.GetRawText().Contains("credential_exists", StringComparison.Ordinal));

        refused.GetRawText().Should().NotContain("cred_");
    }

    private static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
}
