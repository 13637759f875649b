using System.Diagnostics;
using System.Net.Http.Headers;
using Aegis.Sdk.Failures;
using Aegis.Sdk.Identity;
using Aegis.Sdk.Studies;

namespace Aegis.Tests.Sdk;

public sealed class RepeatTests(AegisApp app) : IClassFixture<AegisApp>
{
    private static readonly CreateKey ReadOnly = new("repeated", "7d") { Preset = "read-only" };

    [Fact]
    public async Task An_overloaded_host_gets_the_call_again_with_the_same_key_after_the_wait()
    {
        var between = Failing("/v1/auth/keys", () => Overloaded(HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)));
        using var client = app.Client("operator", between);
        var begun = Stopwatch.GetTimestamp();

        await client.Keys.CreateAsync(ReadOnly);

        Stopwatch.GetElapsedTime(begun).Should().BeGreaterThan(TimeSpan.FromSeconds(1));
        between.Calls.Where(c => c.Path == "/v1/auth/keys").Should().HaveCount(2).And.OnlyContain(c => c.IdempotencyKey != null)
            .And.Subject.Select(c => c.IdempotencyKey).Distinct().Should().ContainSingle();
    }

    [Fact]
    public async Task A_call_is_repeated_after_a_broken_connection()
    {
        var between = Failing("/v1/auth/session", () => throw new HttpRequestException("broken"));
        using var client = app.Client("operator", between);

        (await client.Identity.GetSessionAsync()).Organization.Should().Be("cons_456");
        between.Count("/v1/auth/session").Should().Be(2);
    }

    [Fact]
    public async Task A_study_is_sent_again_completely_after_a_broken_upload()
    {
        using var consumer = app.Client("consumer");
        var asked =
            await consumer.Requests.CreateAsync(new AskForStudy("prov_123", new Patient("Doe", "Jane", "1971-03-05"), "Second opinion"));
        var broken = 0;
        var between = new CallInterceptor(async request =>
        {
            if (!request.RequestUri!.AbsolutePath.EndsWith("/fulfill", StringComparison.Ordinal) || Interlocked.Increment(ref broken) > 1)
                return null;
            await request.Content!.CopyToAsync(Stream.Null); // the whole body was read once
            throw new HttpRequestException("The connection broke before the answer.");
        });
        using var provider = app.Client("provider", between);

        var sent = await provider.Requests.FulfillFromFolderAsync(asked.Id, app.StudyFolder());

        between.Count($"/v1/requests/{asked.Id}/fulfill").Should().Be(2);
        (await consumer.Requests.GetAsync(asked.Id)).TransferId.Should().Be(sent.TransferId);
    }

    [Fact]
    public async Task Setting_a_value_is_not_repeated_when_its_arrival_is_unknown()
    {
        var between = Failing("/v1/credentials/x/value", () => throw new HttpRequestException("broken"));
        using var client = app.Client("operator", between);

        var set = () => client.Credentials.SetValueAsync("x", "v");

        await set.Should().ThrowAsync<AegisUnreachableException>();
        between.Count("/v1/credentials/x/value").Should().Be(1);
    }

    [Fact]
    public async Task A_wait_above_the_limit_is_left_to_the_caller()
    {
        var between = Failing("/v1/auth/session", () => Overloaded(HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(5)));
        using var client = app.Client("operator", between);

        var call = () => client.Identity.GetSessionAsync();

        (await call.Should().ThrowAsync<AegisRateLimitedException>()).Which.RetryAfter.Should().Be(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task A_validation_refusal_names_each_member()
    {
        using var client = app.Client("operator");

        var call = () => client.Keys.CreateAsync(new CreateKey("", "tomorrow") { Preset = "read-only" });

        var refusal = (await call.Should().ThrowAsync<AegisInvalidException>()).Which;
        refusal.Code.Should().Be("validation_failed");
        refusal.Errors.Keys.Should().Contain(["name", "expiry"]);
        refusal.TraceId.Should().NotBeNullOrEmpty();
        refusal.Status.Should().Be(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Each_kind_of_refusal_has_its_own_class()
    {
        using var provider = app.Client("provider");
        using var outsider = app.Client("outsider");

        var foreign = () => provider.Credentials.ListPageAsync();
        var missing = () => outsider.Transfers.GetAsync("trf_none");

        (await foreign.Should().ThrowAsync<AegisForbiddenException>()).Which.RequiredPermission.Should().Be("credential:list");
        (await missing.Should().ThrowAsync<AegisNotFoundException>()).Which.Code.Should().Be("not_found");
    }

    [Fact]
    public async Task An_answer_of_a_proxy_is_not_taken_for_a_refusal_of_Aegis()
    {
        var between = new CallInterceptor(r => r.RequestUri!.AbsolutePath == "/v1/auth/session"
            ? new(HttpStatusCode.NotFound) { Content = new StringContent("<html>nginx</html>", null, "text/html") }
            : null);
        using var client = app.Client("operator", between);

        var call = () => client.Identity.GetSessionAsync();

        (await call.Should().ThrowAsync<AegisNotFoundException>()).Which.Code.Should().Be("unknown");
    }

    private static CallInterceptor Failing(string path, Func<HttpResponseMessage> fail)
    {
        var failed = 0;
        return new CallInterceptor(r => r.RequestUri!.AbsolutePath == path && Interlocked.Increment(ref failed) == 1 ? fail() : null);
    }

    private static HttpResponseMessage Overloaded(HttpStatusCode status, TimeSpan wait)
    {
        var answer = TokenTests.Problem(status, "rate_limited");
        answer.Headers.RetryAfter = new RetryConditionHeaderValue(wait);
        return answer;
    }
}
