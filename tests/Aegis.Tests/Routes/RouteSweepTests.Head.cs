using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Kernel.Web.Http;

namespace Aegis.Tests.Routes;

/// <summary>Checks the responses of all routes: HEAD, and that responses are not cached.</summary>
public sealed partial class RouteSweepTests
{
    /// <summary>Routes whose GET counts a use or contains a one-time token.</summary>
    private static readonly string[] NoHead = ["v1/credentials/{name}/value", "claim/{token}", "v1/applications/{id}"];

    [Fact]
    public async Task Every_GET_route_answers_HEAD_with_the_same_status_and_headers()
    {
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        var objects = await Objects();
        var answered = 0;
        foreach (var (name, endpoint) in Routes().Where(r => r.Name.StartsWith("GET ", StringComparison.Ordinal)))
        {
            var template = name[4..];
            if (template.StartsWith("v1/content/", StringComparison.Ordinal)) continue; // has its own HEAD route, see ContentTests
            var kind = template.Split("/{")[0].Split('/')[^1];
            var path = "/" + Parameter().Replace(template, objects.GetValueOrDefault(kind, "none"));
            var head = await everything.Send(new HttpRequestMessage(HttpMethod.Head, path));

            (endpoint.Metadata.GetMetadata<GetOnlyAttribute>() is not null).Should().Be(NoHead.Contains(template), template);
            head.Body.Should().BeEmpty(template);
            if (NoHead.Contains(template))
            {
                head.Status.Should().Be(HttpStatusCode.MethodNotAllowed, template);
                head.ContentHeaders.Allow.Should().Contain("GET").And.NotContain("HEAD", template);
                continue;
            }

            var get = await everything.Get(path);
            head.Status.Should().Be(get.Status, template);
            head.ContentHeaders.ContentType.Should().Be(get.ContentHeaders.ContentType, template);
            head.Headers.ETag.Should().Be(get.Headers.ETag, template);
            head.Headers.CacheControl.Should().Be(get.Headers.CacheControl, template);
            if (get.Status is HttpStatusCode.OK) answered++;
        }

        answered.Should().BeGreaterThan(30);
    }

    [Fact]
    public async Task Every_HEAD_without_a_credential_is_refused_like_its_GET()
    {
        foreach (var (name, _) in Routes().Where(r => r.Name.StartsWith("GET ", StringComparison.Ordinal) && !Open.ContainsKey(r.Name)))
        {
            var head = await auth.Anonymous.Send(new HttpRequestMessage(HttpMethod.Head, "/" + Parameter().Replace(name[4..], "req_1")));
            head.Status.Should().Be(HttpStatusCode.Unauthorized, name);
        }
    }

    [Theory]
    [InlineData("/claim/none")]
    [InlineData("/v1/applications/app_1")]
    [InlineData("/invitation/none")]
    [InlineData("/sign-in/external")]
    [InlineData("/sign-in/external/callback?code=x&state=y")]
    public async Task One_time_addresses_refuse_HEAD_without_a_credential(string path)
    {
        var head = await auth.Anonymous.Send(new HttpRequestMessage(HttpMethod.Head, path));

        head.ShouldBe(HttpStatusCode.MethodNotAllowed).ContentHeaders.Allow.Should().Contain("GET").And.NotContain("HEAD");
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/swagger/index.html")]
    [InlineData("/swagger/v1/swagger.json")]
    [InlineData("/livez")]
    [InlineData("/readyz")]
    public async Task Pages_and_files_answer_HEAD_too(string path)
    {
        var (head, get) = (await auth.Anonymous.Send(new HttpRequestMessage(HttpMethod.Head, path)), await auth.Anonymous.Get(path));

        (head.Status, head.ContentHeaders.ContentType).Should().Be((get.Status, get.ContentHeaders.ContentType));
        head.Body.Should().BeEmpty();
    }

    [Fact]
    public async Task Every_response_to_a_credential_forbids_caching()
    {
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        var objects = await Objects();
        foreach (var (name, _) in Routes())
        {
            if (name == "GET .well-known/openid-configuration") continue; // redirects, and the client follows without the credential
            var kind = name.Split("/{")[0].Split('/')[^1];
            var changes = name.StartsWith("DELETE", StringComparison.Ordinal) || name.EndsWith("/rotate", StringComparison.Ordinal);
            foreach (var client in new[] { everything, auth.WithToken("a.b.c"), auth.Anonymous.With("X-Api-Key", "none") })
            {
                var isOpenWithoutOne = client != everything && Open.ContainsKey(name) && !name.Contains(" v1/", StringComparison.Ordinal);
                if (isOpenWithoutOne) continue; // public keys and metadata
                var answer = await client.Send(Call(name, changes ? "none" : objects.GetValueOrDefault(kind, "none")));
                answer.Headers.CacheControl?.NoStore.Should().Be(true, "{0} answered {1}", name, answer.Status);
            }
        }
    }
}
