namespace Aegis.Host.Docs;

/// <summary>Describes the bodies of operations that read a stream, which model binding does not know.</summary>
internal sealed class DescribeUploads : IOperationFilter
{
    public void Apply(OpenApiOperation operation, OperationFilterContext context)
    {
        var upload = context.ApiDescription.ActionDescriptor.EndpointMetadata.OfType<AcceptsUploadAttribute>().FirstOrDefault();
        if (upload is null) return;

        var content = new Dictionary<string, IOpenApiMediaType>();
        foreach (var type in upload.ContentTypes)
            content[type] = new OpenApiMediaType { Schema = type.StartsWith("multipart/", StringComparison.Ordinal) ? Parts() : Binary() };
        operation.RequestBody = new OpenApiRequestBody { Required = true, Content = content };
    }

    private static OpenApiSchema Binary() => new() { Type = JsonSchemaType.String, Format = "binary" };

    private static OpenApiSchema Parts() => new()
    {
        Type = JsonSchemaType.Object,
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["manifest"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "Optional, first: {\"instances\":24,\"bytes\":12345,\"sha256\":\"…\"}",
            },
            ["file"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Binary() },
        },
    };
}
