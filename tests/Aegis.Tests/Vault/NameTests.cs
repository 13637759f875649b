using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Routing;

namespace Aegis.Tests.Vault;

/// <summary>Every accepted name works in all routes of its credential, with and without the prefix.</summary>
public sealed partial class NameTests(VaultApp vault) : IClassFixture<VaultApp>
{
    private const string Letters = "ABCXYZabcxyz0189";
    private const string Others = " ._:@+-";
    private const int Samples = 40;

    [Fact]
    public async Task Every_accepted_name_works_from_creating_to_retiring()
    {
        foreach (var name in Names())
        {
            var at = $"/v1/credentials/{Uri.EscapeDataString(name)}";
            var created =
                (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "env", value = "one" })).ShouldBe(
                    HttpStatusCode.Created);
            created.Headers.Location!.OriginalString.Should().Be(at);

            (await vault.Admin.Get(created.Headers.Location!.OriginalString)).ShouldBe(HttpStatusCode.OK)["name"].Should().Be(name);
            (await vault.Admin.Get($"{at}/value")).ShouldBe(HttpStatusCode.OK)["value"].Should().Be("one");
            (await vault.Admin.Get($"{at[3..]}/value")).ShouldBe(HttpStatusCode.OK)["name"].Should().Be(name);
            (await vault.Admin.Patch(at, new { description = name })).ShouldBe(HttpStatusCode.OK)["name"].Should().Be(name);
            (await vault.Admin.Post($"{at}/rotate", new { trigger = "manual" })).ShouldBe(HttpStatusCode.OK)["credential"]
                .Should().Be(name);
            (await vault.Admin.Post($"{at[3..]}/rollback", new { version = 1 })).ShouldBe(HttpStatusCode.OK)["credential"]
                .Should().Be(name);
            (await vault.Admin.Get($"/v1/audit/log?credential_name={Uri.EscapeDataString(name)}&action=rotated"))["total"].Should().Be("1");
            (await vault.Admin.Delete(at)).ShouldBe(HttpStatusCode.OK)["credential_name"].Should().Be(name);
        }
    }

    [Fact]
    public async Task Every_operation_finds_a_credential_by_any_kind_of_name()
    {
        var operations = Operations().ToList();
        operations.Should().HaveCountGreaterThan(12);
        foreach (var name in new[] { "report db", "a . b", "a@b+c:d-e_f.g", "9 +", "x@1 y" })
        {
            (await vault.Admin.Post("/v1/credentials", new { name, credential_type = "a", provider = "env", value = "one" })).ShouldBe(
                HttpStatusCode.Created);
            foreach (var (method, template) in operations)
            {
                var path = "/" + template.Replace("{name}", Uri.EscapeDataString(name), StringComparison.Ordinal)
                    .Replace("{rotation}", "rot_1", StringComparison.Ordinal);
                foreach (var address in new[] { path, path[3..] })
                {
                    var answer = await vault.Admin.Send(new HttpRequestMessage(new HttpMethod(method), address)
                    {
                        Content = method is "GET" or "DELETE"
                            ? null
                            : new StringContent(Body(template), System.Text.Encoding.UTF8, "application/json"),
                    });

                    answer.Text.Should().NotContain("Credential not found", "{0} {1}", method, address);
                    answer.Text.Should().NotContain("\"code\":\"bad_request\"", "{0} {1}", method, address);
                    if (!template.Contains("{rotation}", StringComparison.Ordinal))
                        answer.Text.Should().NotContain("Credential not found", "{0} {1}", method, address);
                }
            }
        }
    }

    /// <summary>
    /// Each character that is not a letter, in the middle and (except the space) at the end; then random names up to the longest.
    /// </summary>
    private static IEnumerable<string> Names()
    {
        var seed = 20261201u;
        int Next(int below) => (int)((seed = (seed * 1664525) + 1013904223) >> 8) % below; // the same names in each run
        string Any(int length, string from) => string.Concat(Enumerable.Range(0, length).Select(_ => from[Next(from.Length)]));
        var number = 0;
        string Begin() => $"{Letters[Next(Letters.Length)]}{++number}"; // all names are different
        foreach (var other in Others)
        {
            yield return $"{Begin()}{other}{other}b";
            if (other != ' ') yield return $"{Begin()}{other}";
        }

        yield return Begin() + Any(94, Letters + Others) + "end";
        for (var i = 0; i < Samples; i++) yield return Begin() + Any(Next(40), Letters + Others + Others) + "z";
    }

    private IEnumerable<(string Method, string Template)> Operations() =>
        from endpoint in vault.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
        where endpoint.Metadata.GetMetadata<ControllerActionDescriptor>() is not null
            && endpoint.RoutePattern.RawText!.StartsWith("v1/credentials/{name}", StringComparison.Ordinal)
        from method in endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods
        where method != "HEAD"
        orderby method == "DELETE" && endpoint.RoutePattern.RawText!.EndsWith("{name}", StringComparison.Ordinal) // retiring comes last
        select (method, endpoint.RoutePattern.RawText!);

    private static string Body(string template) => LastSegment().Match(template).Value switch
    {
        "rotate" => """{"trigger":"manual"}""",
        "rollback" => """{"version":1}""",
        "value" => """{"value":"v"}""",
        "apply" => """{"workflow_id":"w","node_name":"n"}""",
        "n8n-copy" => """{"config":{"data_field":"value"}}""",
        _ => "{}",
    };

    [GeneratedRegex("[^/]+$")]
    private static partial Regex LastSegment();
}
