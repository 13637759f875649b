namespace Aegis.Host.Docs;

/// <summary>Sets the content types of responses: JSON for objects, problem+json for refusals.</summary>
internal sealed class DescribeAnswers : IOperationFilter
{
    private const string Problem = "Problem";

    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        foreach (var (status, answer) in operation.Responses ?? [])
        {
            if (answer is not OpenApiResponse response) continue;
            response.Content?.Remove("text/plain"); // the framework lists every type that its formatters support
            response.Content?.Remove("text/json");
            if (status[0] is '4' or '5') response.Content = Refusal(context);
        }
    }

    private static Dictionary<string, IOpenApiMediaType> Refusal(OperationFilterContext context)
    {
        if (!context.SchemaRepository.Schemas.ContainsKey(Problem)) context.SchemaRepository.AddDefinition(Problem, Members());
        return new()
        {
            ["application/problem+json"] = new OpenApiMediaType { Schema = new OpenApiSchemaReference(Problem, context.Document) },
        };
    }

    private static OpenApiSchema Members() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "Why a call was refused (RFC 9457). Some codes have further members; see docs/errors.md.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code", "traceId" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("urn:aegis:error: followed by the code."),
            ["title"] = Text("The name of the status."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The HTTP status." },
            ["detail"] = Text("A sentence for people. It may change."),
            ["code"] = Text("A stable code for programs."),
            ["traceId"] = Text("The id to find the call in the log."),
            ["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Description = "With validation_failed: sentences by member path.",
                AdditionalProperties =
                    new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } },
            },
        },
    };

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };
}
