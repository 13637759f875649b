namespace Aegis.Host.Edge;

/// <summary>
/// Refuses addresses with control characters or with a blank behind a word: no operation has one. What copies the first into a header
/// fails, and SQL Server finds an id whether or not a blank follows it, which SQLite does not. Only names of credentials may hold blanks,
/// and none ends with one.
/// </summary>
internal static class OddPaths
{
    private const string Name = "name";

    public static void UseOddPathRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && (path.Any(char.IsControl) || HasBlankBehindWord(path, NamedSegment(context))))
            throw Refuse.Invalid("bad_request", "The address holds blanks or control characters. Correct it.");
        return next(context);
    });

    private static bool HasBlankBehindWord(string path, int named)
    {
        if (!path.Contains(' ', StringComparison.Ordinal)) return false;
        var segments = path.Split('/');
        for (var i = 1; i < segments.Length; i++) // before the first slash there is nothing
        {
            var words = segments[i].TrimStart(' ');
            if (i == named ? words.EndsWith(' ') : words.Contains(' ', StringComparison.Ordinal)) return true;
        }

        return false;
    }

    /// <summary>Which segment of the path is the name of a credential, or -1.</summary>
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
