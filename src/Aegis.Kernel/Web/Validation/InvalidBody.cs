using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Mvc.ModelBinding;

namespace Aegis.Kernel.Web.Validation;

/// <summary>Converts model binding errors to wire paths and sentences, without the serializer's text about CLR types.</summary>
internal static partial class InvalidBody
{
    private const string Required = "This member is required.";
    public const string NotABody = "The body is empty, is not valid JSON, or is not an object.";
    private const string NotAMember = "The value has the wrong type or is not one of the allowed values. See /swagger.";
    private const string NotAParameter = "The value has the wrong type. See /swagger.";

    public static RefusedException From(ModelStateDictionary state)
    {
        var errors = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (key, entry) in state)
        {
            foreach (var error in entry.Errors)
            {
                // Paths of body members begin with '$.'; a query parameter has the name of its CLR property.
                var path = key.StartsWith('$') ? FullPath(key, error) : JsonNamingPolicy.CamelCase.ConvertName(key);
                var missing = MissingMembers().Match(Text(error));
                if (missing.Success)
                {
                    foreach (Match name in QuotedName().Matches(missing.Groups[1].Value))
                        errors[path.Length == 0 ? name.Groups[1].Value : $"{path}.{name.Groups[1].Value}"] = [Required];
                }
                else
                {
                    errors.TryAdd(path, [SentenceFor(error, key, path)]);
                }
            }
        }

        // Binding reports the body parameter too; the other errors are enough.
        if (errors.Count > 1) errors.Remove("");
        foreach (var parameter in errors.Keys.Where(k => k is "request").ToList())
        {
            if (errors.Count > 1) errors.Remove(parameter);
            else errors = new Dictionary<string, string[]> { [""] = ["Send a JSON body."] };
        }

        return Invalid.Fields(errors);
    }

    /// <summary>
    /// The path from the root of the body. A member that was deserialized separately, such as a member of a patch, reports its own path,
    /// which is appended.
    /// </summary>
    private static string FullPath(string key, ModelError error)
    {
        var path = key;
        for (var e = error.Exception?.InnerException; e is JsonException inner; e = e.InnerException) path += inner.Path?.TrimStart('$');
        return path.TrimStart('$').TrimStart('.');
    }

    private static string Text(ModelError error) => error.Exception?.Message ?? error.ErrorMessage;

    private static string SentenceFor(ModelError error, string key, string path)
    {
        var text = Text(error);
        if (text.Contains("field is required", StringComparison.Ordinal) || text.Contains("null", StringComparison.Ordinal))
            return Required;
        if (path.Length == 0) return NotABody;
        if (text.Contains(Rfc3339.NotATime, StringComparison.Ordinal)) return Rfc3339.Sentence(path[(path.LastIndexOf('.') + 1)..]);
        return key.StartsWith('$') ? NotAMember : NotAParameter;
    }

    [GeneratedRegex("missing required properties including: (.*?)\\.( Path|$)")]
    private static partial Regex MissingMembers();

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex QuotedName();
}
