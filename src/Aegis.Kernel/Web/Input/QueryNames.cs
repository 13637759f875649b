using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// The names of query parameters as they are bound. Those of the snake_case endpoints are written on constructors, where the framework's
/// description does not look.
/// </summary>
public static class QueryNames
{
    /// <summary>Null for what does not come from the query.</summary>
    public static string? Of(ApiParameterDescription parameter)
    {
        if (parameter.Source != BindingSource.Query) return null;
        var member = parameter.ModelMetadata;
        return member?.ContainerType?.GetCustomAttribute<SnakeCaseAttribute>() is null
            ? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.PropertyName!);
    }
}
