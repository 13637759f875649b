using System.IO.Compression;
using Aegis.Tests.Sessions;

namespace Aegis.Tests.Host;

/// <summary>A body that would not be read is refused, because its sender expects an effect.</summary>
public sealed class BodyTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Theory]
    [InlineData("text/plain", "please", 415, "unsupported_media_type")]
    [InlineData("", "please", 415, "unsupported_media_type")]
    [InlineData("application/x-www-form-urlencoded", "dryRun=true", 415, "unsupported_media_type")]
    [InlineData("application/xml", "<dryRun/>", 415, "unsupported_media_type")]
    [InlineData("application/octet-stream", "\0", 415, "unsupported_media_type")]
    [InlineData("application/json", "{ not json", 400, "validation_failed")]
    [InlineData("application/json", "\"dryRun\"", 400, "validation_failed")]
    [InlineData("application/json", "[1]", 400, "validation_failed")]
    [InlineData("application/json", """{"dryRun":true}""", 400, "unknown_member")]
    public async Task A_body_for_an_operation_without_one_is_refused_without_effect(string type, string body, int status, string code)
    {
        var consumer = auth.App.As("consumer");
        var id = (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Id;

        foreach (var chunked in new[] { false, true })
        {
            foreach (var (caller, method, path) in new[]
            {
                (consumer, HttpMethod.Post, $"/v1/requests/{id}/cancel"),
                (consumer.With("Idempotency-Key", "body-1"), HttpMethod.Post, $"/v1/requests/{id}/cancel"),
                (consumer, HttpMethod.Get, $"/v1/requests/{id}"),
                (auth.App.As("operator"), HttpMethod.Post, "/v1/health/check-all"),
            })
                (await Send(caller, method, path, type, body, chunked)).ShouldBeRefused((HttpStatusCode)status, code);
        }

        (await consumer.Get($"/v1/requests/{id}"))["status"].Should().Be("pending");
    }

    [Theory]
    [InlineData("text/plain", "")]
    [InlineData("", "")]
    [InlineData("application/json", "")]
    [InlineData("application/json", "{}")]
    [InlineData("application/json", "null")]
    public async Task An_empty_body_is_accepted(string type, string body)
    {
        var consumer = auth.App.As("consumer");

        foreach (var chunked in new[] { false, true })
        {
            var id = (await consumer.Post("/v1/requests", Asking.JaneDoe)).ShouldBe(HttpStatusCode.Created).Id;
            (await Send(consumer, HttpMethod.Post, $"/v1/requests/{id}/cancel", type, body, chunked)).ShouldBe(HttpStatusCode.OK);
        }
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("br")]
    [InlineData("deflate")]
    [InlineData("identity, gzip")]
    [InlineData("aes128gcm")]
    public async Task A_compressed_body_is_refused_everywhere(string coding)
    {
        var (json, form) = ("application/json", "application/x-www-form-urlencoded");
        foreach (var (path, type, body) in new[]
        {
            ("/v1/requests", json, Asking.JaneDoe), ("/v1/requests/req_1/cancel", json, "{}"), ("/credentials", json, "{}"),
            ("/v1/requests/req_1/fulfill", "application/zip", "PK"), ("/v1/requests/req_1/fulfill", "application/dicom", "DICM"),
            ("/v1/auth/token", form, "scope=study:read"), (Persons.TokenPath, form, "grant_type=x"),
            (Persons.DevicePath, form, "client_id=aegis-cli"), (Persons.RevokePath, form, "token=x"),
            ($"{Persons.TokenPath}/introspect", form, "token=x"), ("/sign-in", form, "email=x"),
            ("/v1/applications", json, "{}"), ("/v1/auth/keys/report-leak", json, "{}"),
        })
        {
            foreach (var caller in new[] { auth.App.As("consumer"), auth.Anonymous })
            {
                var answer = await caller.PostContent(path, Packed(type, body, coding));

                answer.ShouldBe(HttpStatusCode.UnsupportedMediaType);
                answer.Headers.GetValues("Accept-Encoding").Should().Equal("identity");
                if (path != "/sign-in") answer["code"].Should().Be("content_encoding_unsupported");
            }
        }
    }

    [Fact]
    public async Task Identity_is_accepted_and_Connect_accepts_gzip()
    {
        var body = new StringContent(Asking.JaneDoe, Encoding.UTF8, "application/json");
        body.Headers.ContentEncoding.Add("Identity");
        (await auth.App.As("consumer").PostContent("/v1/requests", body)).ShouldBe(HttpStatusCode.Created);
        (await auth.App.As("consumer").With("Content-Encoding", "gzip").Get("/v1/requests")).ShouldBe(HttpStatusCode.OK);

        var call = new HttpRequestMessage(HttpMethod.Post, Gateway.Address) { Content = Packed("application/json", "{}", "gzip") };
        call.Headers.Add("Connect-Protocol-Version", "1");
        (await auth.WithToken(await auth.Token(await auth.Key())).Send(call)).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Refusals_of_the_edge_count_towards_the_rate_limit()
    {
        await using var own = await OwnAuth.Start(("RateLimits:PerAddress", "1"));

        foreach (var make in new Func<ByteArrayContent>[] { () => Packed("application/json", "{}", "gzip"), () => Utf7() })
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 20; i++) answers.Add((await own.Auth.Anonymous.PostContent("/v1/auth/token", make())).Status);
            answers.Should().Contain(HttpStatusCode.TooManyRequests);
        }
    }

    private static ByteArrayContent Utf7() => new("{}"u8.ToArray()) { Headers = { { "Content-Type", "application/json; charset=utf-7" } } };

    private static ByteArrayContent Packed(string type, string body, string coding)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) packing.Write(Encoding.UTF8.GetBytes(body));
        return new ByteArrayContent(packed.ToArray()) { Headers = { { "Content-Type", type }, { "Content-Encoding", coding } } };
    }

    private static Task<ApiResponse> Send(ApiClient caller, HttpMethod method, string path, string type, string body, bool chunked)
    {
        var call = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        if (type.Length > 0) call.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        call.Headers.TransferEncodingChunked = chunked;
        return caller.Send(call);
    }
}
