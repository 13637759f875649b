using System.Net.Sockets;
using Aegis.Host.Edge;
using Aegis.Kernel.Web.Http;
using Aegis.Kernel.Web.Refusals;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aegis.Tests.Host;

/// <summary>
/// Requests that the edge refuses before any module is called.
/// This folder tests the host: the edge, its limits and headers, the input checks that apply to all modules, and the commands. Fuzzing has
/// the generator of malformed requests for <see cref="HttpFuzzTests"/> and the campaign.
/// </summary>
public sealed class EdgeTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        var response = await app.As("consumer").Post("/v1/requests", $"{{\"reason\":\"{new string('x', 2 * 1024 * 1024)}\"}}");

        response.ShouldBeRefused(HttpStatusCode.RequestEntityTooLarge, "body_too_large");
    }

    [Fact]
    public async Task All_IPv6_addresses_of_one_subscriber_share_a_limit()
    {
        var one = await AegisApp.Start(("RateLimits:PerAddress", "1"), ("TrustedProxies:0", "127.0.0.0/8"), ("TrustedProxies:1", "::1"));

        var statuses = new List<HttpStatusCode>();
        for (var i = 1; i <= 20; i++)
            statuses.Add((await one.Anonymous.With("X-Forwarded-For", $"2001:db8:1:2::{i}").Get("/v1/auth/session")).Status);

        statuses.Should().Contain(HttpStatusCode.TooManyRequests);
        (await one.Anonymous.With("X-Forwarded-For", "2001:db8:1:3::1").Get("/v1/auth/session")).ShouldBe(HttpStatusCode.Unauthorized);
        await one.DisposeAsync();
    }

    [Fact]
    public async Task Broken_body_framing_is_refused()
    {
        var answer = await Raw($"POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {app.Key("consumer")}\r\n"
            + "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\nZZ\r\n");

        answer.Should().StartWith("HTTP/1.1 400").And.Contain("\"code\":\"bad_request\"");
    }

    [Fact]
    public async Task Two_idempotency_keys_are_refused_instead_of_ignored()
    {
        var answer = await Raw($"POST /v1/transfers/trf_x/dispute HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {app.Key("consumer")}\r\n"
            + "Idempotency-Key: one\r\nIdempotency-Key: two\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");

        answer.Should().StartWith("HTTP/1.1 400").And.Contain("\"code\":\"idempotency_key_invalid\"");
    }

    [Fact]
    public async Task A_body_that_does_not_arrive_is_refused()
    {
        var answer = await Raw($"POST /v1/requests HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {app.Key("consumer")}\r\n"
            + "Content-Type: application/json\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{");

        answer.Should().StartWith("HTTP/1.1 408").And.Contain("\"code\":\"body_too_slow\"");
    }

    [Fact]
    public async Task A_wrong_method_is_refused_with_the_allowed_one()
    {
        var response = await app.As("consumer").Get("/v1/auth/token");

        response.ShouldBeRefused(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        response.ContentHeaders.Allow.Should().Contain("POST");
    }

    [Fact]
    public async Task A_body_of_another_type_is_refused()
    {
        var response = await app.As("consumer")
            .PostContent("/v1/requests", new StringContent("a=b", Encoding.UTF8, "application/x-www-form-urlencoded"));

        response.ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task Json_in_another_encoding_than_utf8_is_refused()
    {
        var half = new ByteArrayContent("{"u8.ToArray()) { Headers = { ContentType = new("application/json") { CharSet = "utf-16" } } };

        var response = await app.As("consumer").PostContent("/v1/requests", half);

        response.ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Fact]
    public async Task A_failure_is_logged_with_the_traceId_of_its_response()
    {
        using var logs = new CapturedLogs();
        using var factory = new LoggerFactory([logs]);
        using var activity = new System.Diagnostics.Activity("call").Start();
        var context = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = new MemoryStream() } };

        var failures = new Failures(factory.CreateLogger<Failures>(), app.Services.GetRequiredService<StrangerCalls>());
        await failures.TryHandleAsync(context, new InvalidOperationException(), CancellationToken.None);

        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        body.Should().Contain(activity.TraceId.ToString());
        logs.Lines.Should().ContainSingle(l => l.Contains(activity.TraceId.ToString()));
    }

    [Fact]
    public async Task Calls_above_the_rate_limit_are_refused_with_the_time_to_wait()
    {
        var busy = await AegisApp.Start(("RateLimits:PerKey", "1"), ("RateLimits:Burst", "3"));
        var consumer = busy.As("consumer");

        // all at once, however slow each is
        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => consumer.Get("/v1/auth/session")));

        responses.Should().Contain(r => r.Status == HttpStatusCode.OK);
        var refused = responses.First(r => r.Status != HttpStatusCode.OK).ShouldBeRefused(HttpStatusCode.TooManyRequests, "rate_limited");
        var wait = refused.Headers.RetryAfter!.Delta!.Value;
        wait.Should().BeGreaterThan(TimeSpan.Zero);
        refused.Headers.GetValues("RateLimit-Policy").Should().Equal("\"key\";q=3;w=3");
        refused.Headers.GetValues("RateLimit").Should().Equal($"\"key\";r=0;t={wait.TotalSeconds}");
        await busy.DisposeAsync();
    }

    [Fact]
    public async Task Guessing_content_tickets_is_limited_by_address()
    {
        var busy = await AegisApp.Start(("RateLimits:PerTicket", "3"));

        // All at once, and more than the bucket gains while they are answered.
        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => busy.Anonymous.Get($"/v1/content/{i:D43}")));

        responses.First(r => r.Status != HttpStatusCode.TooManyRequests).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        responses.First(r => r.Status != HttpStatusCode.NotFound).ShouldBeRefused(HttpStatusCode.TooManyRequests, "rate_limited");
        await busy.DisposeAsync();
    }

    [Theory]
    [InlineData("/swagger/%0a")]
    [InlineData("/swagger/%00")]
    [InlineData("/%0a")]
    public async Task Paths_with_control_characters_cause_no_server_error(string path)
    {
        var response = await app.Anonymous.Get(path);

        ((int)response.Status).Should().BeLessThan(500);
        response.Text.Should().NotContain(" at ");
    }

    [Fact]
    public async Task An_id_with_a_trailing_space_is_refused()
    {
        var id = await app.AskForJaneDoe();

        (await app.As("consumer").Get($"/v1/requests/{id}%20")).ShouldBeRefused(HttpStatusCode.BadRequest, "bad_request");
    }

    [Fact]
    public async Task If_Match_must_be_an_entity_tag()
    {
        var id = await app.AskForJaneDoe();

        var response = await app.As("provider").With("If-Match", "five").Post($"/v1/requests/{id}/accept");

        response.ShouldBeRefused(HttpStatusCode.BadRequest, "if_match_invalid");
    }

    [Fact]
    public async Task Plain_http_from_another_machine_is_refused_unless_allowed()
    {
        var pipeline = new ApplicationBuilder(app.Services);
        pipeline.UsePlainHttpRefusal();
        var context = new DefaultHttpContext { Connection = { RemoteIpAddress = IPAddress.Parse("10.1.2.3") } };

        var call = () => pipeline.Build()(context);

        (await call.Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be("https_required");
    }

    [Theory]
    [InlineData(typeof(DbUpdateConcurrencyException), 409, "concurrent_change")]
    [InlineData(typeof(InvalidOperationException), 500, "internal_error")]
    public async Task Exceptions_become_problems_without_their_message(Type failure, int status, string code)
    {
        var context = new DefaultHttpContext { RequestServices = app.Services, Response = { Body = new MemoryStream() } };
        var exception = (Exception)Activator.CreateInstance(failure, "secret words")!;

        var failures = new Failures(NullLogger<Failures>.Instance, app.Services.GetRequiredService<StrangerCalls>());
        await failures.TryHandleAsync(context, exception, CancellationToken.None);

        context.Response.StatusCode.Should().Be(status);
        var body = Encoding.UTF8.GetString(((MemoryStream)context.Response.Body).ToArray());
        body.Should().Contain($"\"code\":\"{code}\"").And.NotContain("secret words");
    }

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(app.BaseAddress.Host, app.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
