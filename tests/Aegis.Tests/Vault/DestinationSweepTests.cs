using System.Text.Json.Nodes;
using Aegis.Auth.Access.Permissions;
using Aegis.Kernel.Identifiers;
using Aegis.Kernel.Json;
using Aegis.Vault.Connections;
using Aegis.Vault.Providers;
using Aegis.Vault.Providers.Configuration;
using Aegis.Vault.Providers.N8n;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Vault;

/// <summary>
/// Tests everything that decides where a secret is sent, with keys that may not read the secret, and with keys that may but do not know the
/// sealed members. A new member or route fails here until it is listed.
/// </summary>
public sealed class DestinationSweepTests(N8nApp app) : IClassFixture<N8nApp>
{
    private static readonly string[] Watched =
        ["v1/vault", "v1/credentials", "v1/sync", "v1/rotation", "v1/webhooks", "v1/requests", "v1/transfers", "v1/health"];

    /// <summary>Routes that change something, and their effect on where secrets or studies are sent.</summary>
    private static readonly Dictionary<string, string> Routes = new()
    {
        ["PUT v1/vault/connections/{kind}"] = "swept: connections",
        ["PATCH v1/vault/connections/{kind}"] = "swept: connections",
        ["DELETE v1/vault/connections/{kind}"] = "ends something",
        ["POST v1/credentials"] = "swept: provider_config, provider_credential_id",
        ["PATCH v1/credentials/{name}"] = "swept: provider_config, provider_credential_id",
        ["PUT v1/credentials/{name}/n8n-copy"] = "swept: copies",
        ["PATCH v1/credentials/{name}/n8n-copy"] = "swept: copies",
        ["DELETE v1/credentials/{name}/n8n-copy"] = "ends something",
        ["DELETE v1/credentials/{name}"] = "ends something",
        ["POST v1/credentials/{name}/restore"] = "needs secret:read; copies and rotation are off afterwards",
        ["PUT v1/credentials/{name}/value"] = "the caller brings the value",
        ["POST v1/credentials/{name}/rotate"] = "goes where the configuration says",
        ["POST v1/credentials/{name}/rollback"] = "goes where the configuration says",
        ["POST v1/credentials/{name}/test"] = "goes where the configuration says",
        ["POST v1/credentials/{name}/apply"] = "credential:grant: n8n has the value already, and a workflow gets its id",
        ["POST v1/credentials/search-leak"] = "the caller brings the value",
        ["POST v1/health/check-all"] = "goes where the configurations say",
        ["POST v1/sync/n8n"] = "takes ids from the connected n8n; what is registered has no value",
        ["POST v1/sync/n8n/scan"] = "reads, and sends nothing",
        ["POST v1/webhooks"] = "swept: events",
        ["PATCH v1/webhooks/{id}"] = "swept: events",
        ["DELETE v1/webhooks/{id}"] = "swept: events",
        ["POST v1/webhooks/{id}/rotate-secret"] = "swept: events",
        ["DELETE v1/webhooks/{id}/previous-secret"] = "swept: events",
        ["POST v1/webhooks/{id}/test"] = "swept: events",
        ["POST v1/webhooks/{id}/replay"] = "swept: events",
        ["POST v1/webhooks/deliveries/{id}/replay"] = "swept: events",
        ["POST v1/requests"] = "asks for a study; the provider decides",
        ["POST v1/requests/{id}/accept"] = "sends nothing",
        ["POST v1/requests/{id}/decline"] = "sends nothing",
        ["POST v1/requests/{id}/cancel"] = "sends nothing",
        ["POST v1/requests/{id}/fulfill"] = "the caller brings the study; the request names its consumer",
        ["POST v1/transfers/{id}/open"] = "answers the caller itself, with study:open",
        ["POST v1/transfers/{id}/acknowledge"] = "sends nothing",
        ["POST v1/transfers/{id}/dispute"] = "sends nothing",
        ["POST v1/transfers/{id}/resolve"] = "sends nothing",
        ["POST v1/transfers/{id}/destroy"] = "ends something",
    };

    [Fact]
    public void Every_route_that_changes_something_is_listed()
    {
        var routes = from endpoint in app.Auth.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
                     where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
                     from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? []
                     where method is not ("GET" or "HEAD") && Watched.Any(endpoint.RoutePattern.RawText!.StartsWith)
                     select $"{method} {endpoint.RoutePattern.RawText}";

        routes.Distinct().Should().BeEquivalentTo(Routes.Keys);
    }

    [Fact]
    public void Every_member_is_listed()
    {
        var providers = app.Auth.App.Services.GetRequiredService<ProviderCatalogue>();
        var present = providers.Shapes.SelectMany(s => Members(s.Key, s.Value.Fields))
            .Concat(app.Auth.App.Services.GetRequiredService<ConnectionKinds>().All.SelectMany(k => Members(k.Name, k.Shape.Fields)))
            .Concat(Members(DestinationMembers.Copy.Kind, N8nProvider.CopyShape.Fields));

        var listed = DestinationMembers.Providers.Concat(DestinationMembers.Connections).Append(DestinationMembers.Copy)
            .SelectMany(m => m.Changes.Keys.Select(name => $"{m.Kind} {name}"))
            .Concat(DestinationMembers.Sealed.Select(m => $"{m} sealed"));

        present.Distinct().Should().BeEquivalentTo(listed.Distinct());
    }

    [Fact]
    public async Task Each_member_of_provider_config_needs_secret_read_and_the_sealed_members_again()
    {
        await using var tenant = await app.Connected();
        var blind = await tenant.With([.. ScopeCatalogue.All.Except(["secret:read"]), "secret:read#another"]);
        foreach (var (provider, given, changes) in DestinationMembers.Providers)
        {
            var config = JsonNode.Parse(given)!.AsObject();
            var name = await Registered(tenant.Admin, provider, config);
            var path = $"/v1/credentials/{name}";
            var reader = await tenant.With("credential:create", "credential:read", $"secret:read#{name}");
            var isSealed = (await reader.Get($"{path}/provider-config")).Json.GetProperty("secret_members").GetArrayLength() > 0;
            foreach (var (member, patch) in changes)
            {
                var changed = MergePatch.Apply(config, JsonNode.Parse(patch)!.AsObject());
                var bare = Bare(provider, changed);

                ShouldRefuse(await blind.Post("/v1/credentials", Body(Ids.New("c", app.Auth.Clock.GetUtcNow()), provider, changed)),
                    provider, member);
                ShouldRefuse(await blind.Patch(path, new JsonObject { ["provider_config"] = changed.DeepClone() }.ToJsonString()),
                    provider, member);
                var left = await reader.Patch(path, new JsonObject { ["provider_config"] = bare }.ToJsonString());
                left.Status
                    .Should().Be(isSealed ? HttpStatusCode.BadRequest : HttpStatusCode.OK, "{0}.{1} answered {2}", provider,
                        member, left.Text);
                if (isSealed) left["code"].Should().Be("secret_required", "{0}.{1}", provider, member);
                (await reader.Patch(path, new JsonObject { ["provider_config"] = changed }.ToJsonString())).ShouldBe(HttpStatusCode.OK);
                (await reader.Patch(path, new JsonObject { ["provider_config"] = config.DeepClone() }.ToJsonString())).ShouldBe(
                    HttpStatusCode.OK);
            }
        }
    }

    [Fact]
    public async Task The_id_at_the_provider_needs_secret_read_for_every_provider()
    {
        await using var tenant = await app.Connected();
        var blind = await tenant.With([.. ScopeCatalogue.All.Except(["secret:read"]), "secret:read#another"]);
        foreach (var provider in app.Auth.App.Services.GetRequiredService<ProviderCatalogue>().Names)
        {
            var config = JsonNode.Parse(DestinationMembers.Providers.First(p => p.Kind == provider).Base)!.AsObject();
            var name = await Registered(tenant.Admin, provider, config);

            ShouldRefuse(await blind.Patch($"/v1/credentials/{name}", """{"provider_credential_id":"mine"}"""), provider, "id");
            ShouldRefuse(await blind.Patch($"/v1/credentials/{name}", """{"provider_credential_id":null}"""), provider, "id");
        }
    }

    [Fact]
    public async Task Each_member_of_a_connection_needs_unnarrowed_secret_read_and_the_sealed_members_again()
    {
        await using var tenant = await app.Tenant();
        var blind = await tenant.With([.. ScopeCatalogue.All.Except(["secret:read"]), "secret:read#n8n", "secret:read#supabase"]);
        foreach (var (kind, given, changes) in DestinationMembers.Connections)
        {
            var path = $"/v1/vault/connections/{kind}";
            ShouldRefuse(await blind.Put(path, $$"""{"config":{{given}}}"""), kind, "first");
            await Sweep(tenant.Admin, blind, path, kind, given, changes);
        }
    }

    [Fact]
    public async Task Each_member_of_a_copy_needs_secret_read_and_the_sealed_members_again()
    {
        await using var tenant = await app.Connected();
        var blind = await tenant.With([.. ScopeCatalogue.All.Except(["secret:read"]), "secret:read#another"]);
        var name = await tenant.Registered(tenant.N8n.Hold("Header"), provider: "generated");
        var reader = await tenant.With("credential:grant", $"secret:read#{name}");
        var copy = DestinationMembers.Copy;

        await Sweep(reader, blind, $"/v1/credentials/{name}/n8n-copy", copy.Kind, copy.Base, copy.Changes);
    }

    [Fact]
    public async Task An_endpoint_for_an_event_needs_the_scope_of_that_event()
    {
        await using var tenant = await app.Tenant();
        var types = (await tenant.Admin.Get("/v1/webhooks/event-types")).Json.GetProperty("items").EnumerateArray()
            .Select(t => (Name: t.GetProperty("type").GetString()!, Scope: t.GetProperty("requiredPermission").GetString()!)).ToList();
        foreach (var scope in types.Select(t => t.Scope).Distinct().ToList())
        {
            var blind = await tenant.With([.. ScopeCatalogue.All.Except([scope])]);
            foreach (var (name, _) in types.Where(t => t.Scope == scope))
            {
                (await blind.Post("/v1/webhooks", new { url = "http://127.0.0.1:1/", events = new[] { name } }))
                    .ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope")["required_permission"].Should().Be(scope);
            }
        }
    }

    private static async Task Sweep(
        ApiClient reader, ApiClient blind, string path, string kind, string given, IReadOnlyDictionary<string, string> changes)
    {
        foreach (var (member, patch) in changes)
        {
            (await reader.Put(path, $$"""{"config":{{given}}}""")).ShouldBe(HttpStatusCode.OK);
            var changed = MergePatch.Apply(JsonNode.Parse(given)!.AsObject(), JsonNode.Parse(patch)!.AsObject());
            var bare = Bare(kind, changed);

            ShouldRefuse(await blind.Put(path, $$"""{"config":{{changed.ToJsonString()}}}"""), kind, member);
            ShouldRefuse(await blind.Patch(path, $$"""{"config":{{patch}}}"""), kind, member);
            (await reader.Put(path, $$"""{"config":{{bare.ToJsonString()}}}""")).ShouldBeRefused(
                HttpStatusCode.BadRequest, "secret_required");
            (await reader.Patch(path, $$"""{"config":{{patch}}}""")).ShouldBeRefused(HttpStatusCode.BadRequest, "secret_required");
            (await reader.Patch(path, $$"""{"config":{{changed.ToJsonString()}}}""")).ShouldBe(HttpStatusCode.OK);
        }
    }

    private static void ShouldRefuse(ApiResponse response, string kind, string member)
    {
        response.Status.Should().Be(HttpStatusCode.Forbidden, "{0} {1} answered {2}", kind, member, response.Text);
        response["required_permission"].Should().Be("secret:read");
    }

    private async Task<string> Registered(ApiClient client, string provider, JsonObject config)
    {
        var name = Ids.New("c", app.Auth.Clock.GetUtcNow());
        (await client.Post("/v1/credentials", Body(name, provider, config))).ShouldBe(HttpStatusCode.Created);
        return name;
    }

    private static string Body(string name, string provider, JsonObject config) => new JsonObject
    {
        ["name"] = name,
        ["credential_type"] = "api_key",
        ["provider"] = provider,
        ["value"] = "v",
        ["provider_config"] = config.DeepClone(),
    }.ToJsonString();

    /// <summary>The configuration without sealed members, as a reader of it gets it.</summary>
    private static JsonObject Bare(string kind, JsonObject config)
    {
        var bare = config.DeepClone().AsObject();
        foreach (var path in DestinationMembers.Sealed.Where(s => s.StartsWith($"{kind} ", StringComparison.Ordinal))
            .Select(s => s.Split(' ')[1].Split('.')))
        {
            if (path.Length == 1) bare.Remove(path[0]);
            else (bare[path[0]] as JsonObject)?.Remove(path[1]);
        }

        return bare;
    }

    private static IEnumerable<string> Members(string kind, IReadOnlyList<ConfigField> fields, string prefix = "") =>
        fields.SelectMany(f => f is ObjectField inner
        ? Members(kind, inner.Fields, $"{prefix}{f.Name}.")
        : [$"{kind} {prefix}{f.Name}{(f.IsSecret ? " sealed" : "")}"]);
}
