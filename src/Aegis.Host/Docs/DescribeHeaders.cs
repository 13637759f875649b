using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Writes headers as they are written everywhere else; only the other parameters are in camel case.</summary>
internal sealed class DescribeHeaders : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is OpenApiParameter { In: ParameterLocation.Header } header) header.Name = context.ApiParameterDescription.Name;
    }
}
