namespace Aegis.Tests.Mechanisms;

/// <summary>A call with an Idempotency-Key has its effect once.</summary>
public sealed class IdempotencyTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_repeat_gets_the_same_response_and_makes_nothing_new()
    {
        var consumer = app.As("consumer").With("Idempotency-Key", "repeat-1");

        var first = await consumer.Post("/v1/requests", Asking.JaneDoe);
        var second = await consumer.Post("/v1/requests", Asking.JaneDoe);

        first.ShouldBe(HttpStatusCode.Created);
        second.ShouldBe(HttpStatusCode.Created).Text.Should().Be(first.Text);
        second.Headers.GetValues("Idempotent-Replayed").Should().Equal("true");
    }

    [Fact]
    public async Task Another_body_with_the_same_key_is_refused()
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
    public async Task After_a_conflict_the_key_is_stored_with_the_object_of_the_last_attempt()
    {
        const string Body = """{"name":"one of many","expiry":"30d","scopes":["study:read"]}""";
        var calls = Enumerable.Range(0, 16).Select(i => app.As("admin").With("Idempotency-Key", $"parallel-{i}")).ToList();

        // each is a child of the same key, so most of them have a conflict first
        var made = await Task.WhenAll(calls.Select(c => c.Post("/v1/auth/keys", Body)));
        var again = await Task.WhenAll(calls.Select(c => c.Post("/v1/auth/keys", Body)));

        foreach (var (key, repeat) in made.Zip(again))
            repeat.ShouldBeRefused(HttpStatusCode.Conflict, "secret_already_shown")["id"]
                .Should().Be(key.ShouldBe(HttpStatusCode.Created).Id);
    }

    [Fact]
    public async Task A_host_that_was_slower_returns_the_response_of_the_faster_one()
    {
        const int Rounds = 20; // there is a conflict in about every second round
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
    public async Task A_key_that_is_too_long_is_refused()
    {
        var response = await app.As("consumer").With("Idempotency-Key", new string('k', 256)).Post("/v1/requests", Asking.JaneDoe);

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "idempotency_key_invalid");
    }

    [Fact]
    public async Task Two_hosts_with_the_same_registration_give_the_same_response()
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
    public async Task A_call_stored_by_release_0_1_0_is_found()
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
    public async Task A_registration_with_a_taken_name_has_no_object_in_the_audit_log()
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
