using System.Net.Http.Json;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Vault;

/// <summary>A scope for one credential (<c>secret:read#nightly</c>) works for that credential and for no other.</summary>
public sealed class NamedScopeTests(VaultApp vault) : IClassFixture<VaultApp>
{
    [Fact]
    public async Task A_narrowed_scope_returns_the_value_of_exactly_this_name()
    {
        var (mine, other) = (await vault.Registered(value: "mine"), await vault.Registered());
        var narrowed = await vault.With($"secret:read#{mine}", "secret:read#none-yet");

        foreach (var root in new[] { "/v1/credentials", "/credentials" })
        {
            (await narrowed.Get($"{root}/{mine}/value")).ShouldBe(HttpStatusCode.OK)["value"].Should().Be("mine");
            (await narrowed.Get($"{root}/none-yet/value")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
            foreach (var name in new[] { other, mine[..^1], $"{mine}x", mine.ToUpperInvariant(), $"{mine}%23x", $"{mine}%2Fvalue", "none" })
            {
                var refused = (await narrowed.Get($"{root}/{name}/value")).ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
                refused["required_permission"].Should().Be("secret:read");
            }
        }

        Refused(await narrowed.Put($"/v1/credentials/{mine}/value", new { value = "x" }));
        Refused(await narrowed.Post("/v1/credentials/search-leak", new { value = "mine" }));
    }

    [Fact]
    public async Task Each_operation_on_one_credential_accepts_scopes_narrowed_to_it()
    {
        var endpoints = vault.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.Parameters.Any(p => p.Name == "name")).ToList();
        var seen = 0;
        foreach (var endpoint in endpoints)
        {
            var scopes = endpoint.Metadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0).ToList();
            if (scopes.Count == 0) continue;
            var method = endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];
            var (mine, other) = (await vault.Registered(), await vault.Registered());
            var narrowed = await vault.With([.. scopes.Concat(["secret:read", "secret:write"]).Distinct().Select(s => $"{s}#{mine}")]);

            (await Status(mine)).Should().NotBe(HttpStatusCode.Forbidden, "{0} {1}", method, endpoint.RoutePattern.RawText);
            (await Status(other)).Should().Be(HttpStatusCode.Forbidden, "{0} {1}", method, endpoint.RoutePattern.RawText);
            seen++;

            async Task<HttpStatusCode> Status(string name)
            {
                var path = endpoint.RoutePattern.RawText!.Replace("{name}", name, StringComparison.Ordinal);
                var call = new HttpRequestMessage(new HttpMethod(method), $"/{path.Replace("{rotation}", "x", StringComparison.Ordinal)}");
                if (method is "POST" or "PUT" or "PATCH") call.Content = JsonContent.Create(new { });
                return (await narrowed.Send(call)).Status;
            }
        }

        seen.Should().BeGreaterThan(15);
    }

    [Fact]
    public async Task Narrowed_scopes_are_refused_by_operations_on_all_credentials()
    {
        var mine = await vault.Registered();
        string[] scopes = ["credential:list", "credential:read", "credential:create", "secret:list", "secret:read", "secret:write"];
        var narrowed = await vault.With([.. scopes.Select(s => $"{s}#{mine}")]);

        foreach (var below in new[] { "credentials", "health/dashboard", "health/expiring", "rotation/schedule", "vault/connections" })
            Refused(await narrowed.Get($"/v1/{below}"));
        Refused(await narrowed.Put("/v1/vault/connections/n8n", new { config = new { } }));
        Refused(await narrowed.Post("/v1/credentials", new { name = mine, credential_type = "a", provider = "env" }));
        (await narrowed.Get("/v1/health")).Json.TryGetProperty("credentials_count", out _).Should().BeFalse();
    }

    private static void Refused(ApiResponse answer) => answer.ShouldBeRefused(HttpStatusCode.Forbidden, "missing_scope");
}
