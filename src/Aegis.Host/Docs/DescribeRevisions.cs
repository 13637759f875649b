namespace Aegis.Host.Docs;

/// <summary>Adds the If-Match header to operations that refuse another revision with 412.</summary>
internal sealed class DescribeRevisions : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        if (operation.Responses?.ContainsKey("412") is not true) return;
        var reads = context.ApiDescription.HttpMethod is "GET" or "HEAD";
        operation.Parameters ??= [];
        operation.Parameters.Add(new OpenApiParameter
        {
            Name = "If-Match",
            In = ParameterLocation.Header,
            Description = reads
                ? "The ETag of an earlier response, in quotes. The call is refused if the content is different. Weak tags never match."
                : "The ETag of a GET response, in quotes. The call is refused if the object has changed since. Without it the last "
                    + "write wins.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
