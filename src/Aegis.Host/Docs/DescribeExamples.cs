using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Fills in bodies and parameters that work on the sandbox, so that trying an operation takes one click. A receipt is final, so its example is refused.</summary>
internal sealed class DescribeExamples : IOperationFilter
{
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST v1/requests"] =
            """{"providerId":"prov_123","patient":{"lastName":"Doe","firstName":"Jane","dob":"03/05/1971"},"reason":"AI review","purposeOfUse":"ai_review","window":{"hours":72,"maxViews":null}}""",
        ["POST v1/auth/keys"] = """{"name":"ci-pipeline","preset":"read-only","expiry":"7d"}""",
        ["POST v1/auth/keys/{id}/rotate"] = """{"overlap":"15m"}""",
        ["POST v1/auth/keys/report-leak"] = """{"key":"put the whole key here: it is revoked at once"}""",
        ["POST v1/requests/{id}/decline"] = """{"reason":"no_match","note":null}""",
        ["POST v1/transfers/{id}/acknowledge"] =
            """{"instances":24,"bytes":3180982,"sha256":"put the sha256 of open's answer here: a wrong receipt is a dispute"}""",
    };

    private static readonly Dictionary<string, string> Parameters = new()
    {
        ["status"] = "pending",
        ["limit"] = "50",
        ["action"] = "transfer.*",
    };

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var name = $"{context.ApiDescription.HttpMethod} {context.ApiDescription.RelativePath}";
        if (Bodies.TryGetValue(name, out var body) && operation.RequestBody?.Content is { } contents)
        {
            foreach (var content in contents.Values.OfType<OpenApiMediaType>()) content.Example = JsonNode.Parse(body);
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (parameter.In is ParameterLocation.Query && Parameters.TryGetValue(parameter.Name ?? "", out var value))
                parameter.Description = $"{parameter.Description} Such as `{value}`.".Trim();
        }
    }
}
