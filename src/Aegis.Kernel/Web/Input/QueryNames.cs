using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// The wire names of query parameters. On snake_case endpoints the names are set on constructors, where the framework's description does
/// not look.
/// </summary>
public static class QueryNames
{
    /// <summary>Null for a parameter that is not from the query.</summary>
    public static string? Of(ApiParameterDescription parameter)
    {
        if (parameter.Source != BindingSource.Query) return null;
        var member = parameter.ModelMetadata;
        return member?.ContainerType?.GetCustomAttribute<SnakeCaseAttribute>() is null
            ? JsonNamingPolicy.CamelCase.ConvertName(parameter.Name)
            : JsonNamingPolicy.SnakeCaseLower.ConvertName(member.PropertyName!);
    }
}
