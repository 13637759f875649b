using System.Reflection;
using System.Text.Json;
using Aegis.Kernel.Json;
using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace Aegis.Host.Docs;

/// <summary>Writes query parameters of the snake_case endpoints as they are bound: their names stand on constructors, where the description does not look.</summary>
internal sealed class DescribeQueryNames : IParameterFilter
{
    public void Apply(IOpenApiParameter parameter, ParameterFilterContext context)
    {
        if (parameter is not OpenApiParameter { In: ParameterLocation.Query } query) return;
        var member = context.ApiParameterDescription.ModelMetadata;
        if (member?.ContainerType?.GetCustomAttribute<SnakeCaseAttribute>() is null) return;
        query.Name = JsonNamingPolicy.SnakeCaseLower.ConvertName(member.PropertyName!);
    }
}
