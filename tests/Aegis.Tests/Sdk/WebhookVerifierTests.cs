using Aegis.Sdk.Webhooks;

namespace Aegis.Tests.Sdk;

public sealed class WebhookVerifierTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private const string Body = """{"type":"transfer.ready","timestamp":"2026-02-03T04:05:06Z","data":{"id":"trf_1"}}""";

    [Fact]
    public void The_published_example_is_genuine()
    {
        // From the specification of Standard Webhooks. Its body is not one of our events.
        var clock = new StoppedClock(1614265330);

        var verify = () => new WebhookVerifier(clock, Secret).Verify(
            "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=", """{"test": 2432232314}"""u8);

        verify.Should().Throw<WebhookVerificationException>().WithMessage("The body is signed but is not an event.");
    }

    [Fact]
    public void A_genuine_delivery_gives_its_event()
    {
        var (clock, at) = Now();

        var happened = new WebhookVerifier(clock, Secret).Verify("evt_1", at, $"v1,AAAA v1a,xyz {Sign(at)}", Encoding.UTF8.GetBytes(Body));

        happened
            .Should().BeEquivalentTo(
                new { Id = "evt_1", Type = "transfer.ready", Timestamp = new DateTimeOffset(2026, 2, 3, 4, 5, 6, TimeSpan.Zero) });
        happened.Data.GetProperty("id").GetString().Should().Be("trf_1");
    }

    [Theory]
    [InlineData("evt_2", 0, Body)]
    [InlineData("evt_1", 1, Body)]
    [InlineData("evt_1", 0, Body + " ")]
    public void A_delivery_changed_in_transit_is_refused(string id, int later, string body)
    {
        var (clock, at) = Now();
        var sent = (long.Parse(at) + later).ToString();

        var verify = () => new WebhookVerifier(clock, Secret).Verify(id, sent, Sign(at), Encoding.UTF8.GetBytes(body));

        verify.Should().Throw<WebhookVerificationException>().WithMessage("No signature*");
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    public void A_delivery_is_valid_for_five_minutes(int seconds, bool counts)
    {
        var (clock, at) = Now();
        clock.Seconds += seconds;

        var verify = () => new WebhookVerifier(clock, Secret).Verify("evt_1", at, Sign(at), Encoding.UTF8.GetBytes(Body));

        if (counts) verify.Should().NotThrow();
        else verify.Should().Throw<WebhookVerificationException>().WithMessage("*five minutes*");
    }

    [Fact]
    public void One_of_two_secrets_is_enough_but_a_wrong_one_is_refused()
    {
        var (clock, at) = Now();
        const string other = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

        var alone = () => new WebhookVerifier(clock, other).Verify("evt_1", at, Sign(at), Encoding.UTF8.GetBytes(Body));
        var both = () => new WebhookVerifier(clock, other, Secret).Verify("evt_1", at, Sign(at), Encoding.UTF8.GetBytes(Body));

        alone.Should().Throw<WebhookVerificationException>();
        both.Should().NotThrow();
    }

    private static (StoppedClock Clock, string At) Now() => (new StoppedClock(1770091506), "1770091506");

    private static string Sign(string at) => "v1," + Convert.ToBase64String(
        HMACSHA256.HashData(Convert.FromBase64String(Secret["whsec_".Length..]), Encoding.UTF8.GetBytes($"evt_1.{at}.{Body}")));

    private sealed class StoppedClock(long seconds) : TimeProvider
    {
        public long Seconds { get; set; } = seconds;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(Seconds);
    }
}
