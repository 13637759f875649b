using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Aegis.Auth.Access.Permissions;

namespace Aegis.Tests.Routes;

/// <summary>Checks every operation against the description: undescribed input is refused, and GET responses can be sent back.</summary>
public sealed partial class ContractSweepTests(AuthApp auth) : IClassFixture<AuthApp>
{
    private static readonly string[] Methods = ["get", "put", "post", "patch", "delete", "head"];

    /// <summary>Operations that ignore unknown input, with the reason.</summary>
    private static readonly Dictionary<string, string> Lenient = new()
    {
        ["/v1/auth/token"] = "OAuth (RFC 6749 §3.2)",
        ["/realms/"] = "OAuth and OpenID Connect",
        ["/.well-known/"] = "paths of standards",
        ["/aegis.v1."] = "Connect: Protocol Buffers ignores unknown members",
        ["/proto/"] = "a file",
        ["/claim/"] = "a page",
    };

    [Fact]
    public async Task Every_operation_refuses_undescribed_parameters_and_members()
    {
        var everything = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        var (parameters, members) = (0, 0);
        foreach (var (path, method, operation) in await Operations())
        {
            if (Lenient.Keys.Any(path.StartsWith)) continue;
            var address = Parameter().Replace(path, "1");

            var refused = await everything.Send(new HttpRequestMessage(new HttpMethod(method), $"{address}?zzUnknown=1"));
            refused.Status.Should().Be(HttpStatusCode.BadRequest, "{0} {1} answered {2}", method, path, refused.Text);
            parameters++;
            if (method == "HEAD") continue;
            refused["code"].Should().Be("unknown_parameter", "{0} {1}", method, path);

            if (method == "GET"
                || (operation.TryGetProperty("requestBody", out var body)
                    && !body.GetProperty("content").TryGetProperty("application/json", out _))) continue;
            var call = new HttpRequestMessage(
                new HttpMethod(method), address)
            { Content = new StringContent("""{"zzUnknown":1}""", Encoding.UTF8, "application/json") };
            (await everything.Send(call)).ShouldBeRefused(HttpStatusCode.BadRequest, "unknown_member").Json.GetProperty("errors")
                .EnumerateObject().Should().ContainSingle();
            members++;
        }

        parameters.Should().BeGreaterThan(70);
        members.Should().BeGreaterThan(40);
    }

    [Fact]
    public async Task Every_GET_response_can_be_sent_back_with_a_change()
    {
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        var objects = await Objects(admin);
        var changes = (await Operations()).Where(o => o.Method is "PUT" or "PATCH").ToList();
        var readable = (await Operations()).Where(o => o.Method == "GET").Select(o => o.Path).ToHashSet();
        changes.Where(c => readable.Contains(c.Path)).Select(c => c.Path).Distinct()
            .Should().BeEquivalentTo(objects.Keys, "each needs an object here");

        foreach (var (path, method, _) in changes.Where(c => readable.Contains(c.Path)))
        {
            var address = objects[path].Address;
            var shown = (await admin.Get(address)).ShouldBe(HttpStatusCode.OK);
            var back = await Send(admin, method, address, shown.Text);
            back.Status.Should().Be(HttpStatusCode.OK, "{0} {1} with {2} answered {3}", method, path, shown.Text, back.Text);

            var changed = JsonNode.Parse((await admin.Get(address)).Text)!.AsObject();
            changed[objects[path].ReadOnly] = "another";
            (await Send(admin, method, address, changed.ToJsonString())).ShouldBeRefused(HttpStatusCode.BadRequest, "read_only_member")
                .Json.GetProperty("errors").EnumerateObject().Select(e => e.Name).Should().Equal(objects[path].ReadOnly);
        }
    }

    [Fact]
    public async Task Records_of_the_past_may_differ_and_a_caller_without_read_scope_learns_nothing()
    {
        var admin = auth.With(await auth.Key(scopes: [.. ScopeCatalogue.All], role: Roles.Admin));
        var objects = await Objects(admin);
        var address = objects["/v1/credentials/{name}"].Address;

        (await admin.Patch(address,
            """{"usage_stats":{"total_uses":9},"version_history":[],"updated_at":"2020-01-01T00:00:00Z","last_used_at":null}""")).ShouldBe(
                HttpStatusCode.OK);

        var writer = auth.With(await auth.Key(scopes: ["credential:create"], role: Roles.Admin));
        var version = (await admin.Get(address)).Json.GetProperty("version").GetInt32();
        foreach (var guess in new[] { version, version + 1 })
            (await writer.Patch(address, $$"""{"version":{{guess}}}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "read_only_member");
    }

    [Fact]
    public async Task Only_request_schemas_are_closed_in_the_description()
    {
        var schemas = (await auth.Anonymous.Get("/swagger/v1/swagger.json")).Json.GetProperty("components").GetProperty("schemas");
        bool IsClosed(string name) =>
            schemas.GetProperty(name).TryGetProperty("additionalProperties", out var more) && more.ValueKind is JsonValueKind.False;

        foreach (var sent in new[] { "CreateStudyRequest", "PatientBody", "WindowBody", "CreateKeyRequest", "UpdateCredentialRequest",
            "ContactBodyInput", "DeidentificationPolicyInput" })
            IsClosed(sent).Should().BeTrue(sent);
        foreach (var answered in new[] { "StudyRequestResponse", "CredentialDetails", "ContactBody", "DeidentificationPolicy", "Problem",
            "CreateSessionRequest" })
            IsClosed(answered).Should().BeFalse(answered);
    }

    /// <summary>For each path with GET and a change: an object of the caller, and a member that the change cannot set.</summary>
    private static async Task<Dictionary<string, (string Address, string ReadOnly)>> Objects(ApiClient admin)
    {
        const string Name = "sent-back";
        await admin.Post("/v1/credentials",
            new
            {
                name = Name,
                credential_type = "api_key",
                provider = "n8n",
                value = "v",
                provider_credential_id = "1",
                metadata = new { a = 1 }
            });
        (await admin.Put($"/v1/credentials/{Name}/n8n-copy", new { config = new { data_field = "value" } })).ShouldBe(HttpStatusCode.OK);
        (await admin.Put("/v1/vault/connections/n8n", new { config = new { base_url = "http://localhost:5678", api_key = "k" } })).ShouldBe(
            HttpStatusCode.OK);
        var webhook =
            (await admin.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { "transfer.delivered" } })).ShouldBe(
                HttpStatusCode.Created).Id;
        var users = (await admin.Get("/v1/users")).Json.GetProperty("items").EnumerateArray().ToList();
        var own = (await admin.Get("/v1/auth/session")).Text;
        var user = users.Select(u => u.GetProperty("id").GetString()!).First(id => !own.Contains(id, StringComparison.Ordinal));
        return new()
        {
            ["/v1/credentials/{name}"] = ($"/v1/credentials/{Name}", "id"),
            ["/v1/credentials/{name}/value"] = ($"/v1/credentials/{Name}/value", "version"),
            ["/v1/credentials/{name}/n8n-copy"] = ($"/v1/credentials/{Name}/n8n-copy", "credential"),
            ["/v1/vault/connections/{kind}"] = ("/v1/vault/connections/n8n", "kind"),
            ["/v1/webhooks/{id}"] = ($"/v1/webhooks/{webhook}", "status"),
            ["/v1/users/{id}"] = ($"/v1/users/{user}", "email"),
        };
    }

    private static Task<ApiResponse> Send(ApiClient client, string method, string address, string body) =>
        client.Send(new HttpRequestMessage(
            new HttpMethod(method), address)
        { Content = new StringContent(body, Encoding.UTF8, "application/json") });

    private async Task<List<(string Path, string Method, JsonElement Operation)>> Operations() =>
        [.. from path in (await auth.Anonymous.Get("/swagger/v1/swagger.json")).Json.GetProperty("paths").EnumerateObject()
            from operation in path.Value.EnumerateObject()
            where Methods.Contains(operation.Name)
            select (path.Name, operation.Name.ToUpperInvariant(), operation.Value)];

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
