using System.Net.Sockets;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;

namespace Aegis.Tests.Host;

/// <summary>Malformed requests; none of them causes a server error.</summary>
public sealed class MalformedRequestTests(AuthApp auth) : IClassFixture<AuthApp>
{
    [Theory]
    [InlineData("/v1/requests")]
    [InlineData("/v1/auth/keys/report-leak")]
    [InlineData("/v1/credentials")]
    [InlineData("/v1/applications")]
    public async Task A_malformed_form_is_the_wrong_content_type_for_JSON_operations(string path)
    {
        var answer = await auth.App.As("admin").PostContent(path, Form("a[=1"));

        answer.ShouldBeRefused(HttpStatusCode.UnsupportedMediaType, "unsupported_media_type");
    }

    [Theory]
    [InlineData("/v1/auth/token")]
    [InlineData("/claim/none")]
    [InlineData("/sign-in")]
    [InlineData("/sign-in/code")]
    [InlineData("/realms/aegis-system/protocol/openid-connect/token")]
    public async Task A_malformed_form_causes_no_server_error_elsewhere(string path)
    {
        foreach (var body in new[] { "a[=1", "[=1", "a[b", "a[b]c=1", "%", "=", "&&", "a=\0" })
            ((int)(await auth.Anonymous.PostContent(path, Form(body))).Status).Should().BeInRange(400, 499, "{0} got {1}", path, body);
    }

    [Theory]
    [InlineData("/v1/requests", "application/json")]
    [InlineData("/sign-in", "application/x-www-form-urlencoded")]
    [InlineData("/realms/aegis-system/protocol/openid-connect/token", "application/x-www-form-urlencoded")]
    public async Task A_body_in_utf7_is_refused(string path, string type)
    {
        foreach (var name in new[] { "utf-7", "UTF-7", "unicode-1-1-utf-7" })
        {
            var body = new ByteArrayContent("{}"u8.ToArray()) { Headers = { { "Content-Type", $"{type}; charset={name}" } } };
            (await auth.App.As("consumer").PostContent(path, body)).ShouldBe(HttpStatusCode.UnsupportedMediaType);
        }
    }

    [Fact]
    public async Task The_token_exchange_ignores_a_form_sent_with_a_key()
    {
        var key = await auth.Key();

        (await auth.Anonymous.With("X-Api-Key", key.Text).PostContent("/v1/auth/token", Form("a[=1"))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("TRACE", "/sign-in/code")]
    [InlineData("TRACE", "/sign-in")]
    [InlineData("TRACE", "/sign-out")]
    [InlineData("OPTIONS", "/sign-in/code")]
    [InlineData("PUT", "/sign-in/external")]
    [InlineData("BREW", "/sign-in/code")]
    [InlineData("BREW", "/v1/auth/token")]
    public async Task An_unsupported_method_is_refused(string method, string path)
    {
        foreach (var body in new[] { null, Form("a[=1") })
        {
            var answer = await auth.Anonymous.Send(new HttpRequestMessage(new HttpMethod(method), path) { Content = body });
            ((int)answer.Status).Should().BeOneOf([400, 405], answer.Text);
        }
    }

    [Theory]
    [InlineData("ffffffffffffffff")]
    [InlineData("7fffffffffffffff")]
    [InlineData("80000000")]
    [InlineData("-1")]
    [InlineData("fffffffffffffffffffffffff")]
    public async Task A_chunk_size_that_overflows_is_refused(string size)
    {
        const string form = "application/x-www-form-urlencoded";
        const string grants = "/realms/aegis-system/protocol/openid-connect/token";
        foreach (var (path, type) in new[] { ("/v1/requests", "application/json"), (grants, form), ("/sign-in", form) })
        {
            var answer = await Raw($"POST {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {auth.App.Key("consumer")}\r\n"
                + $"Content-Type: {type}\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n{size}\r\nab\r\n0\r\n\r\n");

            answer.Should().StartWith("HTTP/1.1 4", path);
        }
    }

    [Theory]
    [InlineData("%20")]
    [InlineData("%C2%A0")]
    [InlineData("%E2%80%83")]
    public async Task A_name_of_spaces_matches_no_object(string name)
    {
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));

        foreach (var below in new[] { "", "/value", "/provider-config", "/rotations" })
            (await everything.Get($"/v1/credentials/{name}{below}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
        foreach (var kind in new[] { "requests", "transfers", "auth/keys", "webhooks", "users" })
            ((int)(await everything.Get($"/v1/{kind}/{name}")).Status).Should().BeOneOf([400, 404], kind);
    }

    [Fact]
    public async Task Spaces_are_allowed_only_in_credential_names()
    {
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        var credential = new { name = "report db", credential_type = "api_key", provider = "env", value = "v" };
        (await everything.Post("/v1/credentials", credential)).ShouldBe(HttpStatusCode.Created);

        (await everything.Get("/v1/credentials/report%20db")).ShouldBe(HttpStatusCode.OK)["name"].Should().Be("report db");
        (await everything.Get("/credentials/report%20db/value")).ShouldBe(HttpStatusCode.OK)["value"].Should().Be("v");
        foreach (var odd in new[]
        {
            "/v1/credentials/report%20db%20", "/v1/credentials/report%20db%09",
            "/v1/credentials/report%20db/value%20", "/v1/credentials%20/report%20db", "/v1/requests/req_1%20x", "/v1/%20a%20b",
            "/report%20db",
        })
            (await everything.Get(odd)).ShouldBeRefused(HttpStatusCode.BadRequest, "bad_request");
    }

    private static StringContent Form(string body) => new(body, Encoding.UTF8, "application/x-www-form-urlencoded");

    private async Task<string> Raw(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(auth.App.BaseAddress.Host, auth.App.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request));
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
