namespace Aegis.Host.Docs;

/// <summary>
/// Fills in bodies and parameters that work with the sandbox, so that an operation can be tried with one click. An acknowledgement is
/// final, so its example is refused on purpose.
/// </summary>
internal sealed class DescribeExamples : IOperationFilter
{
    private static readonly Dictionary<string, string> Bodies = new()
    {
        ["POST v1/requests"] =
            """{"providerId":"prov_123","patient":{"lastName":"Doe","firstName":"Jane","dob":"03/05/1971"},"reason":"AI review","purposeOfUse":"ai_review","window":{"hours":72,"maxViews":null}}""",
        ["POST v1/auth/keys"] = """{"name":"ci-pipeline","preset":"read-only","expiry":"7d"}""",
        ["POST v1/auth/keys/{id}/rotate"] = """{"overlap":"15m"}""",
        ["POST v1/auth/keys/report-leak"] = """{"key":"put the whole key here: it is revoked at once"}""",
        ["POST v1/applications"] =
            """{"organizationName":"Example Imaging LLC","roles":["provider"],"contact":{"name":"Pat Example","email":"pat@imaging.example"},"entity":{"state":"DE","ein":"12-3456789"},"baa":{"signedOn":"2026-01-15","validUntil":"2030-12-31","sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},"partner":{"id":"cons_456","name":null}}""",
        ["POST v1/applications/{id}/reject"] = """{"reason":"baa_invalid","note":"The document lacks the second signature."}""",
        ["POST v1/partnerships"] =
            """{"partnerId":"prov_123","as":"consumer","baaUntil":"2030-12-31","deidentification":{"dates":"shift","cleanDescriptors":true}}""",
        ["POST v1/partnerships/{id}/approve"] = """{"baaUntil":"2030-12-31"}""",
        ["PUT v1/partnerships/{id}/baa"] = """{"until":"2030-12-31"}""",
        ["PUT v1/vault/connections/{kind}"] = """{"config":{"base_url":"http://localhost:5678","api_key":"put an API key of n8n here"}}""",
        ["POST v1/credentials"] =
            """{"name":"anthropic-api-key","credential_type":"api_key","provider":"env","description":"Anthropic API key for Claude","value":"sk-ant-...","expires_at":"2030-12-31T00:00:00Z","rotation_enabled":true,"rotation_interval_hours":720,"rotation_strategy":"scheduled","alert_threshold_hours":168,"tags":["llm","production"],"metadata":{"environment":"production"}}""",
        ["PATCH v1/credentials/{name}"] =
            """{"description":"Updated description","rotation_interval_hours":360,"tags":["llm","production","critical"]}""",
        ["PUT v1/credentials/{name}/value"] = """{"value":"a new value","reason":"set by hand"}""",
        ["POST v1/credentials/{name}/rotate"] = """{"trigger":"manual","reason":"Security audit requirement"}""",
        ["POST v1/credentials/{name}/rollback"] = """{"version":1}""",
        ["POST v1/credentials/{name}/restore"] = """{"value":"a new value"}""",
        ["POST v1/credentials/search-leak"] = """{"value":"the string that was found"}""",
        ["PUT v1/credentials/{name}/n8n-copy"] =
            """{"config":{"data_field":"value","prefix":"Bearer ","extra":{"name":"Authorization"}}}""",
        ["POST v1/credentials/{name}/apply"] = """{"workflow_id":"workflow_123","node_name":"HTTP Request","requested_by":"HEPHAESTUS"}""",
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
                parameter.Description = $"{parameter.Description} For example `{value}`.".Trim();
        }
    }
}
