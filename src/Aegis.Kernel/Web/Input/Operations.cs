using System.Collections;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Input;

/// <summary>The input of one operation of the described API.</summary>
/// <param name="Query">Names of its query parameters.</param>
/// <param name="Lists">Those that may be repeated.</param>
/// <param name="Flags">Those that are true or false.</param>
/// <param name="Body">The type of its JSON body; null when it has none.</param>
/// <param name="ReadsOwnBody">True when the operation reads the body as a stream.</param>
/// <param name="Shown">The methods that show the object that a PUT or PATCH changes.</param>
internal sealed record Operation(
    IReadOnlyCollection<string> Query, IReadOnlyCollection<string> Lists, IReadOnlyCollection<string> Flags,
    Type? Body, bool ReadsOwnBody, IReadOnlyList<ShownObject> Shown);

/// <summary>A controller method that shows the object.</summary>
/// <param name="Method">The method; its arguments are route values.</param>
/// <param name="Answer">The type that it returns.</param>
/// <param name="Scopes">The scopes that a caller needs to see it.</param>
internal sealed record ShownObject(MethodInfo Method, Type Answer, IReadOnlyList<string> Scopes);

/// <summary>Knows the operations from the API description, so that description and accepted input cannot differ.</summary>
internal sealed class Operations(IApiDescriptionGroupCollectionProvider api)
{
    private const string Root = "v1/";
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private readonly Lazy<FrozenDictionary<string, Operation>> all =
        new(() => Describe(api.ApiDescriptionGroups.Items.SelectMany(g => g.Items).ToList()));

    /// <summary>Returns the operation; null for one that accepts any input.</summary>
    public Operation? Find(ActionDescriptor action) => all.Value.GetValueOrDefault(action.Id);

    private static FrozenDictionary<string, Operation> Describe(List<ApiDescription> described)
    {
        var found = new Dictionary<string, Operation>(StringComparer.Ordinal);
        foreach (var one in described.Where(d => d.RelativePath?.StartsWith(Root, StringComparison.Ordinal) is true))
        {
            var action = (ControllerActionDescriptor)one.ActionDescriptor;
            if (action.EndpointMetadata.OfType<IgnoresUnknownInputAttribute>().Any()) continue;
            var names = one.ParameterDescriptions.Select(QueryNames.Of).OfType<string>();
            var lists = one.ParameterDescriptions.Where(p => p.Type != typeof(string)
                && p.Type?.IsAssignableTo(typeof(IEnumerable)) is true);
            var flags = one.ParameterDescriptions.Where(p => p.Type == typeof(bool) || p.Type == typeof(bool?));
            var get = described.Find(d => d.HttpMethod == HttpMethods.Get && d.RelativePath == one.RelativePath);
            found[action.Id] = new Operation(
                names.ToFrozenSet(StringComparer.OrdinalIgnoreCase), // parameters are bound case-insensitively
                lists.Select(QueryNames.Of).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase),
                flags.Select(QueryNames.Of).OfType<string>().ToFrozenSet(StringComparer.OrdinalIgnoreCase),
                one.ParameterDescriptions.FirstOrDefault(p => p.Source == BindingSource.Body)?.Type,
                action.EndpointMetadata.Any(m => m is AcceptsUploadAttribute),
                one.HttpMethod is "PUT" or "PATCH" ? Shown(action, get) : []);
        }

        return found.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static List<ShownObject> Shown(ControllerActionDescriptor change, ApiDescription? get)
    {
        List<ShownObject> shown = [];
        var shownBy = change.MethodInfo.GetCustomAttributes<ShownByAttribute>().ToList();
        var getter = get?.ActionDescriptor as ControllerActionDescriptor;
        var scopes = getter?.EndpointMetadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0).ToList() ?? [];
        if (getter?.ControllerTypeInfo == change.ControllerTypeInfo && !shownBy.Exists(n => n.InsteadOfGet))
            shown.Add(new ShownObject(getter!.MethodInfo, Answered(getter.MethodInfo), scopes));
        foreach (var by in shownBy)
        {
            var method = change.ControllerTypeInfo.GetMethod(by.Method, Declared)
                ?? throw new InvalidOperationException($"{change.ControllerName} declares no {by.Method}.");
            shown.Add(new ShownObject(method, Answered(method), scopes));
        }

        return shown;
    }

    private static Type Answered(MethodInfo method)
    {
        var type = method.ReturnType;
        Type[] wrappers = [typeof(Task<>), typeof(ActionResult<>)];
        while (type.IsGenericType && wrappers.Contains(type.GetGenericTypeDefinition()))
            type = type.GetGenericArguments()[0];
        return type;
    }
}
