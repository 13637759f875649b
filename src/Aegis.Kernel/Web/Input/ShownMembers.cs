using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Controllers;
using Microsoft.AspNetCore.Mvc.Filters;
using Microsoft.AspNetCore.Mvc.Infrastructure;
using Microsoft.Extensions.Options;

namespace Aegis.Kernel.Web.Input;

/// <summary>
/// Handles members that GET returns and a change cannot set. Clients that read, edit and write sentBack an object send them too. They are
/// accepted when unchanged and refused when they differ; records of the past are ignored.
/// </summary>
internal sealed class ShownMembers(IOptions<JsonOptions> json)
{
    private const string SecretMembers = "secret_members";

    private static readonly string[] PastNames =
    [
        "usage_stats", "version_history",
        // of a copy, which may have been sent since the read
        "sent_version", "sent_at", "due_at", "error_code", "error_message", "filled_members",
    ];

    private JsonSerializerOptions Options => json.Value.JsonSerializerOptions;

    /// <summary>Returns the members of the body that are in the GET response and not in the change.</summary>
    public IReadOnlySet<string> SentBack(Operation operation, JsonElement body, BodyMembers members)
    {
        if (operation.Shown.Count == 0 || operation.Body is null || body.ValueKind is not JsonValueKind.Object)
            return new HashSet<string>(StringComparer.Ordinal);
        var known = members.Of(operation.Body);
        return body.EnumerateObject().Select(m => m.Name)
            .Where(n => !known.ContainsKey(n) && operation.Shown.Any(s => Property(s, n) is not null)).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>Refuses members that differ from the present object.</summary>
    public async Task Require(ResourceExecutingContext context, Operation operation, JsonElement body, IReadOnlySet<string> sentBack)
    {
        var compared = sentBack.Where(name => !IsPast(operation, name)).ToList();
        if (compared.Count == 0) return;
        var caller = context.HttpContext.FindCaller();
        var named = context.HttpContext.NamedObject();
        var withheld = operation.Shown.SelectMany(s => s.Scopes).FirstOrDefault(s => caller?.Has(s, named) is not true);
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        var now = withheld is null ? await Show(context, operation) : [];
        foreach (var name in compared)
        {
            if (withheld is not null)
                errors[name] = [$"This member cannot be set. Leave it out: comparing it needs the scope '{withheld}'."];
            else if (!now.Any(n => n.TryGetProperty(name, out var shown) && AreEqual(body.GetProperty(name), shown)))
                errors[name] = ["This member cannot be set here, and its value is now a different one. Leave it out."];
        }

        if (errors.Count == 0) return;
        var names = string.Join(", ", errors.Keys.Select(k => $"'{k}'"));
        throw Refuse.Invalid("read_only_member", $"Leave out {names} and send the call again.").With("errors", errors);
    }

    /// <summary>Returns the patch with its free-form objects merged with the present ones, because a change replaces them.</summary>
    public async Task<JsonObject> Merge(ResourceExecutingContext context, Operation operation, JsonElement patch, BodyMembers members)
    {
        var merged = JsonObject.Create(patch)!;
        if (operation.Body is null || operation.Body.IsDefined(typeof(MergesItselfAttribute), inherit: false)) return merged;
        var known = members.Of(operation.Body);
        var objects = merged.Where(m => m.Value is JsonObject && known.ContainsKey(m.Key)).Select(m => m.Key).ToList();
        if (objects.Count == 0) return merged;
        var now = await Show(context, operation);
        foreach (var name in objects)
        {
            var shown = now.FirstOrDefault(n => n.TryGetProperty(name, out var there) && there.ValueKind is JsonValueKind.Object);
            var target = shown.ValueKind is JsonValueKind.Object ? JsonObject.Create(shown.GetProperty(name))! : [];
            var secret = shown.ValueKind is JsonValueKind.Object && shown.TryGetProperty(SecretMembers, out var sealedNames)
                ? sealedNames.EnumerateArray().Select(s => s.GetString()!).ToHashSet(StringComparer.Ordinal)
                : [];
            merged[name] = MergePatch.Apply(target, merged[name]!.AsObject(), secret.Contains);
        }

        return merged;
    }

    /// <summary>
    /// Calls the controller for the object as GET shows it. It uses a separate scope, so that the change does not use the loaded entities.
    /// The response headers are restored afterwards.
    /// </summary>
    private async Task<List<JsonElement>> Show(ResourceExecutingContext context, Operation operation)
    {
        var http = context.HttpContext;
        var (services, headers) = (http.RequestServices, http.Response.Headers.ToList());
        await using var scope = services.CreateAsyncScope();
        http.RequestServices = scope.ServiceProvider;
        try
        {
            List<JsonElement> shown = [];
            foreach (var one in operation.Shown)
            {
                var controllers = scope.ServiceProvider.GetRequiredService<IControllerFactory>();
                var at = new ControllerContext(new ActionContext(http, context.RouteData, context.ActionDescriptor));
                var controller = controllers.CreateController(at);
                var arguments = Arguments(one.Method, context);
                var running = (Task)one.Method.Invoke(controller, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
                await running;
                var answer = running.GetType().GetProperty(nameof(Task<>.Result))!.GetValue(running);
                if (answer is IConvertToActionResult result) answer = (result.Convert() as ObjectResult)?.Value;
                shown.Add(JsonSerializer.SerializeToElement(answer, Options));
                await controllers.ReleaseControllerAsync(at, controller);
            }

            return shown;
        }
        finally
        {
            http.RequestServices = services;
            http.Response.Headers.Clear();
            foreach (var (name, value) in headers) http.Response.Headers[name] = value;
        }
    }

    private static object?[] Arguments(MethodInfo method, ResourceExecutingContext context) => method.GetParameters().Select(p =>
        p.ParameterType == typeof(CancellationToken) ? context.HttpContext.RequestAborted
        : p.ParameterType == typeof(string) ? context.RouteData.Values[p.Name!]?.ToString()
        : p.ParameterType.IsValueType ? Activator.CreateInstance(p.ParameterType) : null).ToArray();

    private bool IsPast(Operation operation, string name) =>
        PastNames.Contains(name)
        || name.StartsWith("updated", StringComparison.Ordinal) || name.StartsWith("last", StringComparison.Ordinal)
        || operation.Shown.Any(s => Property(s, name)?.AttributeProvider?.IsDefined(typeof(PastAttribute), inherit: false) is true);

    private JsonPropertyInfo? Property(ShownObject shown, string name) =>
        Options.GetTypeInfo(shown.Answer).Properties.FirstOrDefault(p => p.Name == name);

    /// <summary>Times are compared as times, so their format does not matter.</summary>
    private static bool AreEqual(JsonElement sent, JsonElement shown) =>
        JsonElement.DeepEquals(sent, shown)
        || (sent.ValueKind is JsonValueKind.String && shown.ValueKind is JsonValueKind.String
            && sent.TryGetDateTimeOffset(out var one) && shown.TryGetDateTimeOffset(out var other) && one == other);
}
