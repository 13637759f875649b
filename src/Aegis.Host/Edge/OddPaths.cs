namespace Aegis.Host.Edge;

/// <summary>
/// Refuses paths with control characters or with a space after text; no operation has such a path. Copying a control character into a
/// header would fail. SQL Server ignores trailing spaces when it compares an id, and SQLite does not. Only credential names may contain
/// spaces, and none ends with one.
/// </summary>
internal static class OddPaths
{
    private const string Name = "name";

    public static void UseOddPathRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && (path.Any(char.IsControl) || HasSpaceAfterText(path, NamedSegment(context))))
            throw Refuse.Invalid("bad_request", "The address contains spaces or control characters. Correct it.");
        return next(context);
    });

    private static bool HasSpaceAfterText(string path, int named)
    {
        if (!path.Contains(' ', StringComparison.Ordinal)) return false;
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++) // the part before the first slash is empty
        {
            var text = segments[i].TrimStart(' ');
            if (i == named ? text.EndsWith(' ') : text.Contains(' ', StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Returns the index of the path segment with a credential name, or -1.</summary>
    private static int NamedSegment(HttpContext context)
    {
        if (context.GetEndpoint() is not RouteEndpoint { RoutePattern.PathSegments: var segments }) return -1;
        for (var i = 0; i < segments.Count; i++)
        {
            if (segments[i].Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart { Name: Name }]) return i + 1;
        }

        return -1;
    }
}
