using Aegis.Kernel.Input;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Writes query parameters as they are bound, and as the check for unknown ones knows them.</summary>
internal sealed class DescribeQueryNames : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is OpenApiParameter query && QueryNames.Of(context.ApiParameterDescription) is { } name) query.Name = name;
    }
}
