namespace Aegis.Host.Docs;

/// <summary>Shows the If-Match header where another revision is refused with 412.</summary>
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
                ? "The ETag of an earlier answer, in quotes: the call is refused if this is other content. Weak tags never match."
                : "The ETag of a GET answer, in quotes: the call is refused if the object has changed since. Without it the last "
                    + "write wins.",
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        });
    }
}
