using System.Collections;
using System.Collections.Frozen;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Input;

/// <summary>What one operation of the described API takes.</summary>
/// <param name="Query">Names of its query parameters.</param>
/// <param name="Lists">Those of them that may be given several times.</param>
/// <param name="Flags">Those of them that are true or false.</param>
/// <param name="Body">What its JSON body is read as; null when it has none.</param>
/// <param name="ReadsOwnBody">True when the body is not for the serializer.</param>
/// <param name="Shown">How the object that a PUT or PATCH changes is shown, to compare with it.</param>
internal sealed record Operation(
    IReadOnlyCollection<string> Query, IReadOnlyCollection<string> Lists, IReadOnlyCollection<string> Flags,
    Type? Body, bool ReadsOwnBody, IReadOnlyList<ShownObject> Shown);

/// <summary>A method of the controller that shows the object.</summary>
/// <param name="Method">Takes route values.</param>
/// <param name="Answer">What it answers.</param>
/// <param name="Scopes">What a caller needs who may see that.</param>
internal sealed record ShownObject(MethodInfo Method, Type Answer, IReadOnlyList<string> Scopes);

/// <summary>
/// Knows the operations as the description of the API lists them, so that what is described and what is taken cannot differ.
/// </summary>
internal sealed class Operations(IApiDescriptionGroupCollectionProvider api)
{
    private const string Root = "v1/";
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private readonly Lazy<FrozenDictionary<string, Operation>> all =
        new(() => Describe(api.ApiDescriptionGroups.Items.SelectMany(g => g.Items).ToList()));

    /// <summary>The operation; null for those that take whatever is sent.</summary>
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
                names.ToFrozenSet(StringComparer.OrdinalIgnoreCase), // as parameters are bound
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
        var named = change.MethodInfo.GetCustomAttributes<ShownByAttribute>().ToList();
        var getter = get?.ActionDescriptor as ControllerActionDescriptor;
        var scopes = getter?.EndpointMetadata.OfType<RequireScopeAttribute>().Select(r => r.Scope).Where(s => s.Length > 0).ToList() ?? [];
        if (getter?.ControllerTypeInfo == change.ControllerTypeInfo && !named.Exists(n => n.InsteadOfGet))
            shown.Add(new ShownObject(getter!.MethodInfo, Answered(getter.MethodInfo), scopes));
        foreach (var by in named)
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
