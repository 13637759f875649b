using System.IO.Compression;
using System.Net.Sockets;
using Aegis.Auth.Sessions.V1;
using Aegis.Tests.Sessions;
using Google.Protobuf;

namespace Aegis.Tests.Connect;

public sealed class ConnectProtocolTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Theory]
    [InlineData("GET")]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Another_method_is_405_with_Allow_and_no_body(string method)
    {
        var response = await auth.Anonymous.Send(new HttpRequestMessage(new HttpMethod(method), Gateway.Address));

        response.ShouldBe(HttpStatusCode.MethodNotAllowed).Body.Should().BeEmpty();
        response.ContentHeaders.Allow.Should().Equal("POST");
    }

    [Theory]
    [InlineData("/aegis.v1.IdentityGatewayService/Nothing")]
    [InlineData("/aegis.v1.NoService/CreateSession")]
    [InlineData("/aegis.v1.identitygatewayservice/createsession")]
    [InlineData("/aegis.v1.IdentityGatewayService/CreateSession/")]
    [InlineData("/aegis.v1.IdentityGatewayService/")]
    public async Task An_unknown_procedure_is_404_without_a_body(string path)
    {
        var response = await auth.Anonymous.Post(path, "{}");

        response.ShouldBe(HttpStatusCode.NotFound).Body.Should().BeEmpty();
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/json; charset=latin1")]
    [InlineData("application/json; version=2")]
    [InlineData("application/connect+json")]
    [InlineData("application/grpc")]
    [InlineData(null)]
    public async Task Another_content_type_is_415_with_Accept_Post_and_no_body(string? type)
    {
        var response = await Send("{}"u8.ToArray(), type);

        response.ShouldBe(HttpStatusCode.UnsupportedMediaType).Body.Should().BeEmpty();
        response.Headers.GetValues("Accept-Post").Single().Should().Be("application/json, application/proto");
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("Application/JSON; charset=UTF-8")]
    [InlineData("application/json; charset=\"utf-8\"")]
    public async Task Every_spelling_of_the_JSON_content_type_is_accepted(string type)
    {
        var response = await Send("{}"u8.ToArray(), type);

        response.ShouldBe(HttpStatusCode.OK).ContentHeaders.ContentType!.ToString().Should().Be("application/json");
    }

    [Fact]
    public async Task A_binary_request_gets_a_binary_response()
    {
        var request = new CreateSessionRequest { DeviceId = "laptop", RiskSignal = new RiskSignal { OccurredAtUnix = 1 } };

        var response = await Send(request.ToByteArray(), "application/proto");

        response.ShouldBe(HttpStatusCode.OK).ContentHeaders.ContentType!.ToString().Should().Be("application/proto");
        CreateSessionResponse.Parser.ParseFrom(response.Body).SessionId.Should().StartWith("ses_");
    }

    [Fact]
    public async Task An_empty_binary_message_is_accepted() => (await Send([], "application/proto")).ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_malformed_binary_message_is_refused_with_JSON() =>
        (await Send([0xff, 0xff], "application/proto")).ShouldBeError(HttpStatusCode.BadRequest, "invalid_argument", "validation_failed")
            .Violations().Should().Equal("");

    [Theory]
    [InlineData(null)]
    [InlineData("2")]
    [InlineData("")]
    [InlineData("1, 1")]
    public async Task The_protocol_version_is_required(string? version)
    {
        var client = await Client();

        var response = await client.Call("{}", ("Connect-Protocol-Version", version));

        response.ShouldBeError(HttpStatusCode.BadRequest, "invalid_argument", "connect_version_invalid");
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("+1")]
    [InlineData("1.5")]
    [InlineData("soon")]
    [InlineData("12345678901")]
    [InlineData("1e3")]
    public async Task A_malformed_deadline_is_refused(string timeout)
    {
        var client = await Client();

        var response = await client.Call("{}", ("Connect-Timeout-Ms", timeout));

        response.ShouldBeError(HttpStatusCode.BadRequest, "invalid_argument", "connect_timeout_invalid");
    }

    [Theory]
    [InlineData("9999999999")]
    [InlineData("0000060000")]
    public async Task A_deadline_of_ten_digits_is_accepted(string timeout) =>
        (await (await Client()).Call("{}", ("Connect-Timeout-Ms", timeout))).ShouldBe(HttpStatusCode.OK);

    [Fact]
    public async Task A_waiting_call_ends_at_its_deadline()
    {
        var token = await auth.Token(await auth.Key());
        using var socket = new TcpClient();
        await socket.ConnectAsync("localhost", auth.App.BaseAddress.Port);
        await using var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"POST {Gateway.Address} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer "
                + $"{token}\r\nConnect-Protocol-Version: 1\r\n" +
            "Connect-Timeout-Ms: 300\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{"));

        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        var answer = await new StreamReader(stream).ReadToEndAsync(timeout.Token);

        answer.Should().StartWith("HTTP/1.1 504").And.Contain("\"code\":\"deadline_exceeded\"").And.Contain(
            "\"reason\": \"deadline_exceeded\"");
    }

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("br, gzip", true)]
    [InlineData("gzip;q=0.5", true)]
    [InlineData("identity, gzip", false)]
    [InlineData("gzip;q=0", false)]
    [InlineData("br", false)]
    public async Task A_response_is_compressed_if_the_caller_accepts_it(string accepts, bool packed)
    {
        var response = await (await Client()).Call("{}", ("Accept-Encoding", accepts));

        response.ShouldBe(HttpStatusCode.OK).ContentHeaders.ContentEncoding.Should().Equal(packed ? ["gzip"] : []);
        var text = packed ? Encoding.UTF8.GetString(Unpack(response.Body)) : response.Text;
        text.Should().Contain("sessionId");
    }

    [Fact]
    public async Task A_compressed_request_gets_a_compressed_response()
    {
        var response = await Send(Pack("""{"deviceId":"laptop"}"""u8.ToArray()), "application/json", "gzip");

        response.ShouldBe(HttpStatusCode.OK).ContentHeaders.ContentEncoding.Should().Equal("gzip");
        Encoding.UTF8.GetString(Unpack(response.Body)).Should().Contain("ses_");
    }

    [Fact]
    public async Task An_empty_body_is_not_decompressed() => (await Send([], "application/proto", "gzip")).ShouldBe(HttpStatusCode.OK);

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    public async Task Another_encoding_is_unimplemented_with_the_supported_ones(string encoding)
    {
        var response = await Send("{}"u8.ToArray(), "application/json", encoding);

        response.ShouldBeError(HttpStatusCode.NotImplemented, "unimplemented", "encoding_unsupported")["message"]
            .Should().Contain("gzip").And.Contain("identity");
        response.Headers.GetValues("Accept-Encoding").Should().Equal("gzip, identity");
    }

    [Fact]
    public async Task A_body_that_is_not_really_gzip_is_refused() =>
        (await Send("{}"u8.ToArray(), "application/json", "gzip")).ShouldBeError(
            HttpStatusCode.BadRequest, "invalid_argument", "validation_failed");

    [Fact]
    public async Task A_gzip_bomb_is_refused()
    {
        var bomb = Pack(new byte[64 * 1024 * 1024]);

        bomb.Length.Should().BeLessThan(1024 * 1024);
        (await Send(bomb, "application/json", "gzip")).ShouldBeError(
            HttpStatusCode.TooManyRequests, "resource_exhausted", "body_too_large");
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused() =>
        (await Send(new byte[1024 * 1024 + 1], "application/json")).ShouldBeError(
            HttpStatusCode.TooManyRequests, "resource_exhausted", "body_too_large");

    [Fact]
    public async Task A_credential_in_the_URL_is_refused_with_a_Connect_error()
    {
        var response = await auth.Anonymous.Send(
            new HttpRequestMessage(HttpMethod.Post,
                Gateway.Address + "?access_token=x")
            { Content = new StringContent("{}", Encoding.UTF8, "application/json") });

        response.ShouldBeError(HttpStatusCode.BadRequest, "invalid_argument", "credential_in_url");
    }

    [Fact]
    public async Task Calls_above_the_rate_limit_are_resource_exhausted()
    {
        await using var own = await OwnAuth.Start(("RateLimits:PerAddress", "1"));
        var answers = new List<ApiResponse>();
        for (var i = 0; i < 8; i++) answers.Add(await own.Auth.Anonymous.Call());

        answers[^1].ShouldBeError(HttpStatusCode.TooManyRequests, "resource_exhausted", "rate_limited");
        answers[^1].Headers.RetryAfter.Should().NotBeNull();
    }

    [Fact]
    public async Task The_proto_file_is_served_and_the_procedure_described()
    {
        var served = (await auth.Anonymous.Get("/proto/aegis/v1/identity_gateway.proto")).ShouldBe(HttpStatusCode.OK);
        var operation = (await auth.Anonymous.Get("/swagger/v1/swagger.json")).Json.GetProperty("paths").GetProperty(Gateway.Address)
            .GetProperty("post");

        served.ContentHeaders.ContentType!.MediaType.Should().Be("text/plain");
        served.Text.Should().Contain("package aegis.v1;").And.Contain("rpc CreateSession(");
        operation.GetProperty("x-audience").GetString().Should().Be("public");
        operation.GetProperty("parameters").EnumerateArray().Select(p => p.GetProperty("name").GetString())
            .Should().Equal("Connect-Protocol-Version", "Connect-Timeout-Ms");
    }

    private async Task<ApiClient> Client() => auth.WithToken(await auth.Token(await auth.Key()));

    private async Task<ApiResponse> Send(byte[] body, string? type, string? encoding = null)
    {
        var call = new HttpRequestMessage(HttpMethod.Post, Gateway.Address) { Content = new ByteArrayContent(body) };
        if (type is not null) call.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        if (encoding is not null) call.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        call.Headers.Add("Connect-Protocol-Version", "1");
        return await (await Client()).Send(call);
    }

    private static byte[] Pack(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal)) gzip.Write(bytes);
        return packed.ToArray();
    }

    private static byte[] Unpack(byte[] bytes)
    {
        using var gzip = new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress);
        using var unpacked = new MemoryStream();
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
