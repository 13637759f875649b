using System.Text.RegularExpressions;
using Aegis.Auth.Access.Permissions;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Web.Connect;
using Aegis.Tests.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Routes;

/// <summary>
/// Checks every route, so that a new one cannot lack authorization.
/// The sweeps of this folder read the routes or the API description of a running host: authorization and HEAD (here), pages (<see
/// cref="PageSweepTests"/>), repeats (<see cref="IdempotencySweepTests"/>), input and output (<see cref="ContractSweepTests"/>), and the
/// checked-in description (<see cref="OpenApiTests"/>). A new route fails a sweep until it is listed there with a sample or a reason.
/// </summary>
public sealed partial class RouteSweepTests(AuthApp auth) : IClassFixture<AuthApp>
{
    /// <summary>Routes that need no token, with the reason.</summary>
    private static readonly Dictionary<string, string> Open = new()
    {
        ["POST v1/auth/token"] = "takes the API key in its own header",
        ["POST v1/auth/keys/report-leak"] = "the key in the body is the credential",
        ["GET v1/health"] = "says that the host works, and nothing about credentials",
        ["POST v1/applications"] = "applicants have no key yet",
        ["GET v1/applications/{id}"] = "takes a status token in its own header",
        ["GET claim/{token}"] = "the token in the path is the credential",
        ["POST claim/{token}"] = "the token in the path is the credential",
        ["GET v1/content/{ticket}"] = "the ticket in the path is the credential",
        ["HEAD v1/content/{ticket}"] = "the ticket in the path is the credential",
        ["GET proto/aegis/v1/identity_gateway.proto"] = "the public interface definition",
        ["GET .well-known/jwks.json"] = "public keys",
        ["GET .well-known/aegis-evidence-keys"] = "public keys",
        ["GET realms/aegis-system/protocol/openid-connect/certs"] = "public keys",
        ["GET realms/aegis-system/.well-known/openid-configuration"] = "public metadata",
        ["GET .well-known/oauth-authorization-server/realms/aegis-system"] = "public metadata",
        ["GET .well-known/openid-configuration"] = "public metadata",
        ["POST realms/aegis-system/protocol/openid-connect/auth/device"] = "programs without a browser begin here",
        ["POST realms/aegis-system/protocol/openid-connect/token"] = "device codes, refresh tokens and keys are the credentials",
        ["POST realms/aegis-system/protocol/openid-connect/token/introspect"] = "identifies clients as OAuth does",
        ["POST realms/aegis-system/protocol/openid-connect/revoke"] = "identifies clients as OAuth does",
    };

    [Fact]
    public void Every_route_has_a_scope_or_is_on_the_list_of_open_ones()
    {
        foreach (var (name, endpoint) in Routes())
        {
            var isOpen = endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null;
            isOpen.Should().Be(Open.ContainsKey(name), "{0}", name);
            if (!isOpen) endpoint.Metadata.GetMetadata<RequireScopeAttribute>().Should().NotBeNull("{0} must have a scope", name);
        }
    }

    [Fact]
    public async Task Every_other_route_answers_401_without_a_token()
    {
        foreach (var (name, _) in Routes().Where(r => !Open.ContainsKey(r.Name)))
        {
            var response = await auth.Anonymous.Send(Call(name, "req_1"));

            response.Status.Should().Be(HttpStatusCode.Unauthorized, "{0} answered {1}", name, response.Text);
            response.Headers.WwwAuthenticate.Should().NotBeEmpty("{0}", name);
        }
    }

    [Fact]
    public async Task Every_route_with_a_scope_answers_403_without_that_scope()
    {
        foreach (var (name, endpoint) in Routes().Where(r => !Open.ContainsKey(r.Name)))
        {
            foreach (var scope in endpoint.Metadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0))
            {
                var others = ScopeCatalogue.All.Where(s => s != scope).ToArray();

                var response = await auth.With(await auth.Key(scopes: others, role: Roles.Admin)).Send(Call(name, "req_1"));

                response.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
                response["required_permission"].Should().Be(scope);
            }
        }
    }

    [Fact]
    public async Task Every_route_with_an_object_answers_404_to_another_organization_with_every_scope()
    {
        var everything = ScopeCatalogue.All.ToArray();
        var strangers = new[]
        {
            (Role: Roles.Admin, Client: auth.With(await auth.Key("cons_789", everything, Roles.Admin))),
            (Role: Roles.Operator, Client: auth.With(await auth.Key("org_platform", everything, Roles.Operator))),
        };
        var objects = await Objects();

        var swept = 0;
        foreach (var (name, endpoint) in Routes().Where(r => r.Name.Contains('{') && !Open.ContainsKey(r.Name)))
        {
            var scopes = endpoint.Metadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0).ToList();
            var kind = name.Split("/{")[0].Split('/')[^1];
            objects.Should().ContainKey(kind, "the sweep needs an object for {0}", name);
            foreach (var (role, client) in strangers)
            {
                var response = await client.Send(Call(name, objects[kind]));

                var mayAsk = scopes.All(Roles.Cap(role).Contains); // no operator can have some scopes
                response.Status
                    .Should().Be(mayAsk ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden, "{0} answered {1}", name, response.Text);
                response["code"].Should().Be(mayAsk ? "not_found" : "missing_scope");
                swept++;
            }
        }

        swept.Should().BeGreaterThan(10);
    }

    private static int credentials;

    /// <summary>Makes an object of cons_456 and prov_123 for each kind of route.</summary>
    private async Task<Dictionary<string, string>> Objects()
    {
        var request = await auth.App.AskForJaneDoe();
        var fulfilled = (await auth.App.Fulfil(request, Parcel.Zip(Parcel.Jane.Files()))).ShouldBe(HttpStatusCode.Created);
        var partnership = (await auth.App.As("provider").Get("/v1/partnerships")).Json.GetProperty("items")[0].GetProperty("id")
            .GetString()!;
        var key = (await auth.App.As("operator").Get("/v1/auth/keys")).Json.GetProperty("items")[0].GetProperty("id").GetString()!;
        var application = (await auth.Anonymous.Post("/v1/applications", Applying.Body(auth.Clock))).ShouldBe(HttpStatusCode.Created).Id;
        var session = await auth.WithToken(await auth.Token(await auth.Key())).Session();
        var credential = $"sweep-credential-{Interlocked.Increment(ref credentials)}";
        var vault = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        (await vault.Post("/v1/credentials",
            new { name = credential, credential_type = "api_key", provider = "env", value = "v" })).ShouldBe(HttpStatusCode.Created);
        var everything = auth.With(await auth.Key(scopes: ScopeCatalogue.All.ToArray(), role: Roles.Admin));
        var webhook = (await everything.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "*" } })).ShouldBe(
            HttpStatusCode.Created).Id;
        var delivery = (await everything.Post($"/v1/webhooks/{webhook}/test")).ShouldBe(HttpStatusCode.Accepted).Id;
        return new()
        {
            ["webhooks"] = webhook,
            ["deliveries"] = delivery,
            ["credentials"] = credential,
            ["connections"] = "none-of-the-kinds", // every organization has one of each kind; ConnectionTests check the separation
            ["audit"] = (await auth.App.As("consumer").Get("/v1/audit?limit=1")).Json.GetProperty("items")[0].GetProperty("id")
                .GetString()!,
            ["tile"] = "none", // there is one log for all; the scope allows every tile
            ["entries"] = "none",
            ["applications"] = application,
            ["keys"] = key,
            ["requests"] = request,
            ["transfers"] = fulfilled["transferId"]!,
            ["partnerships"] = partnership,
            ["sessions"] = session,
            ["users"] = (await auth.Key()).UserId,
        };
    }

    private IEnumerable<(string Name, RouteEndpoint Endpoint)> Routes() =>
        from endpoint in auth.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
            || endpoint.Metadata.GetMetadata<ConnectProcedure>() is not null
        let methods = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
        from method in methods
        where method != "HEAD" || methods.Count == 1 // a HEAD next to GET is checked separately
        select ($"{method} {endpoint.RoutePattern.RawText}", endpoint);

    private static HttpRequestMessage Call(string name, string id)
    {
        var (method, template) = (name.Split(' ')[0], name.Split(' ')[1]);
        var call = new HttpRequestMessage(new HttpMethod(method), "/" + Parameter().Replace(template, id));
        if (method is "POST" or "PUT" or "PATCH")
        {
            // A valid body if one is required, so that ownership decides.
            call.Content = template.EndsWith("/fulfill", StringComparison.Ordinal)
                ? new ByteArrayContent([1]) { Headers = { { "Content-Type", "application/dicom" } } }
                : new StringContent(BodyFor(template), System.Text.Encoding.UTF8, "application/json");
        }

        return call;
    }

    private static string BodyFor(string template) => template.Split('/')[^1] switch
    {
        "rotate" when template.Contains("credentials", StringComparison.Ordinal) => """{"trigger":"manual"}""",
        "rollback" => """{"version":1}""",
        "value" => """{"value":"v"}""",
        "apply" => """{"workflow_id":"w","node_name":"n"}""",
        "n8n-copy" => """{"config":{"data_field":"value"}}""",
        "{kind}" => """{"config":{}}""",
        "approve" when template.Contains("partnerships", StringComparison.Ordinal) => """{"baaUntil":"2030-12-31"}""",
        "baa" => """{"until":"2030-12-31"}""",
        "reject" => """{"reason":"duplicate"}""",
        "acknowledge" => $$"""{"instances":1,"bytes":1,"sha256":"{{new string('0', 64)}}"}""",
        "rotate" => """{"overlap":"0"}""",
        "step-up" or "confirm" => """{"totp":"123456"}""",
        "replay" when !template.Contains("deliveries", StringComparison.Ordinal) => """{"status":"failed"}""",
        "decline" when template.Contains("requests", StringComparison.Ordinal) => """{"reason":"no_match"}""",
        _ => "{}",
    };

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
