using Aegis.Kernel.Outbound;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Http;
using Aegis.Vault.Providers.Webhook;

namespace Aegis.Tests.Vault.Providers;

public sealed class WebhookProviderTests
{
    private const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    private readonly TestClock clock = new();
    private readonly WebhookProvider provider;

    public WebhookProviderTests() => provider = new WebhookProvider(new ProviderCalls(Bench.Http()), Bench.Policy, clock);

    [Fact]
    public void A_signature_equals_the_published_example() => // the example of the specification's reference implementations
        WebhookSecret.Sign([WebhookSecret.Read(Secret)!], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            Encoding.UTF8.GetBytes("""{"test": 2432232314}"""))
            .Should().Be("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");

    [Fact]
    public async Task Each_step_is_signed_and_a_repeated_one_has_the_same_id()
    {
        await using var rotator = await StandIn.Start(asked => JsonElement.Parse(asked.Body).GetProperty("step").GetString() switch
        {
            "create" => (200, """{"value":"n3w","handle":"h2","expires_at":"2027-01-01T00:00:00Z"}"""),
            "test" =>
                (200, JsonElement.Parse(asked.Body).GetProperty("value").GetProperty("value").GetString() == "n3w"
                    ? """{"verdict":"works"}"""
                    : """{"verdict":"refused"}"""),
            _ => (204, ""),
        });
        var target = Target(rotator);
        var old = new HeldValue("old", "h1");

        var value = await provider.Create(target, Bench.Order(old), default);
        await provider.Create(target, Bench.Order(old), default);
        await provider.Set(target, value, old, default);
        await provider.Set(target, value, old, default);
        (await provider.Test(target, value, default)).Should().Be(Tested.Works);
        (await provider.Test(target, old, default)).Code.Should().Be(ProviderCode.LoginRefused);
        await provider.Revoke(target, old, value, default);
        await provider.RemoveOrphans(target, "rot_01jd3v9qzk", "h2", default); // the rotator does not handle this step

        value.Should().Be(new HeldValue("n3w", "h2", new DateTimeOffset(2027, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        var ids = rotator.Heard.Select(h => h.Headers["webhook-id"]).ToList();
        ids.Should().HaveCount(7);
        ids[0].Should().Be("aegis-rot_01jd3v9qzk-1.create").And.Be(ids[1]);
        ids[2].Should().MatchRegex("^cred_1\\.set\\.[A-Za-z0-9_-]{22}$").And.Be(ids[3]);
        ids.Distinct().Should().HaveCount(5);
        rotator.Heard.Should().OnlyContain(h => IsSigned(h));
        var set = JsonElement.Parse(rotator.Heard[2].Body);
        set.GetProperty("value").GetProperty("handle").GetString().Should().Be("h2");
        set.GetProperty("current").GetProperty("value").GetString().Should().Be("old");
    }

    [Fact]
    public async Task A_rotator_without_create_gets_a_random_value()
    {
        await using var rotator = await StandIn.Start(_ => (204, ""));
        var target = Target(rotator, """["set","clean"]""");

        var value = await provider.Create(target, Bench.Order(), default);
        await provider.RemoveOrphans(target, "rot_1", null, default);

        value.Value.Should().HaveLength(43);
        rotator.Heard.Single().Body.Should().Contain("\"step\":\"clean\"");
        (provider.CanRotate(target.Config), provider.CanTest(target.Config)).Should().Be((true, false));
    }

    [Theory]
    [InlineData(422, "", 0, "value_rejected")]
    [InlineData(401, "", 3, "access_refused")]
    [InlineData(502, "", 2, "target_failing")]
    public async Task Each_status_of_set_maps_to_what_may_have_happened(int status, string body, int fault, string code)
    {
        await using var rotator = await StandIn.Start(_ => (status, body));

        var failure = await Bench.Failure(() => provider.Set(Target(rotator), new HeldValue("n3w"), null, default));

        (failure.Fault, failure.Code).Should().Be(((ProviderFault)fault, code));
    }

    [Theory]
    [InlineData("""{"verdict":"unknown"}""", "target_failing")]
    [InlineData("""{"verdict":"maybe"}""", "answer_unexpected")]
    [InlineData("[]", "answer_unexpected")]
    public async Task A_test_without_a_clear_verdict_is_unknown(string body, string code)
    {
        await using var rotator = await StandIn.Start(_ => (200, body));

        (await provider.Test(Target(rotator), new HeldValue("v"), default))
            .Should().BeEquivalentTo(new { Verdict = Verdict.Unknown, Code = code });
    }

    [Fact]
    public async Task An_endless_answer_is_cut_off_and_in_doubt()
    {
        await using var rotator = await StandIn.Start(async (context, _) =>
        {
            var chunk = new byte[64 * 1024];
            while (!context.RequestAborted.IsCancellationRequested) await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
        });

        var failure = await Bench.Failure(() => provider.Create(Target(rotator), Bench.Order(), default));

        (failure.Fault, failure.Code).Should().Be((ProviderFault.InDoubt, ProviderCode.AnswerTooLarge));
    }

    [Theory]
    [InlineData("""{"url":"https://a.example/","secret":"whsec_short"}""", "secret")]
    [InlineData("""{"url":"https://a.example/","secret":"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "secret")]
    [InlineData("""{"url":"a.example","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", "url")]
    [InlineData("""{"url":"https://a.example/","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw","steps":["finish"]}""", "steps")]
    public void An_invalid_configuration_is_refused_with_the_name_of_the_member(string config, string member) =>
        Bench.Objections(provider, config).Should().ContainKey($"provider_config.{member}");

    private Target Target(StandIn rotator, string? steps = null) =>
        Bench.Credential(provider,
            $$"""{"url":"{{rotator.Url}}/rotate","secret":"{{Secret}}"{{(steps is null ? "" : $",\"steps\":{steps}")}}}""");

    private static bool IsSigned(Heard heard)
    {
        var key = Convert.FromBase64String(Secret[6..]);
        var text = $"{heard.Headers["webhook-id"]}.{heard.Headers["webhook-timestamp"]}.{heard.Body}";
        return heard.Headers["webhook-signature"] == $"v1,{Convert.ToBase64String(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}";
    }
}
