using System.Reflection;
using Aegis.Kernel.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Every member of a patch may be left out, also one that may not be null.</summary>
internal sealed class DescribePatches : ISchemaFilter
{
    public void Apply(IOpenApiSchema schema, SchemaFilterContext context)
    {
        if (schema is not OpenApiSchema { Required: { } required }) return;
        foreach (var member in context.Type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => WireNameContracts.WrappedIn(p.PropertyType) is not null))
            required.Remove(WireNames.Of(context.Type, member));
    }
}
