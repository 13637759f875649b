using System.Net;
using Aegis.Tests.App;
using Aegis.Tests.Studies.Requests;

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
    public async Task The_host_that_loses_gives_the_winners_whole_answer()
    {
        const int Rounds = 20; // a host loses in about every second one
        var second = await app.StartAnotherHost();
        var (here, there) = (app.As("consumer"), second.As("consumer"));

        for (var round = 0; round < Rounds; round++)
        {
            var key = $"lost-{round}";
            var answers = await Task.WhenAll(
                here.With("Idempotency-Key", key).Post("/v1/requests", Asking.JaneDoe), there.With("Idempotency-Key", key).Post("/v1/requests", Asking.JaneDoe));

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
}
