using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Says what is so: members that Aegis does not know are ignored, as in most APIs, so that clients and servers can grow apart.</summary>
internal sealed class DescribeOpenBodies : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is OpenApiSchema { Type: JsonSchemaType.Object } described) described.AdditionalPropertiesAllowed = true;
    }
}
