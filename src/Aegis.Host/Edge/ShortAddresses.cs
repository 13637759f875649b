namespace Aegis.Host.Edge;

/// <summary>The vault's addresses answer without <c>/v1</c> too: its first clients were written so.</summary>
internal static class ShortAddresses
{
    private static readonly string[] Roots = ["/credentials", "/health", "/sync", "/audit/log", "/rotation"];

    public static void UseShortAddresses(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        var path = context.Request.Path;
        if (Array.Exists(Roots, root => path.StartsWithSegments(root, StringComparison.OrdinalIgnoreCase)))
            context.Request.Path = new PathString("/v1").Add(path);
        return next(context);
    });
}
