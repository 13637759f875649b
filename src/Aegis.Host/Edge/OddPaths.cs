using Aegis.Kernel.Refusals;

namespace Aegis.Host.Edge;

/// <summary>
/// Refuses addresses with control characters or with a blank behind a word: no operation has one. What copies the first into a header fails,
/// and SQL Server finds an id whether or not a blank follows it, which SQLite does not.
/// </summary>
internal static class OddPaths
{
    public static void UseOddPathRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && (path.Any(char.IsControl) || HasBlankBehindWord(path)))
            throw Refuse.Invalid("bad_request", "The address holds blanks or control characters. Correct it.");
        return next(context);
    });

    private static bool HasBlankBehindWord(string path)
    {
        var blank = path.IndexOf(' ', StringComparison.Ordinal);
        return blank > 0 && path[blank - 1] is not '/';
    }
}
