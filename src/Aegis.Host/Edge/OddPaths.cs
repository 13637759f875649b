using Aegis.Kernel.Refusals;

namespace Aegis.Host.Edge;

/// <summary>Refuses addresses with control characters: no operation has one, and what copies them into a header fails.</summary>
internal static class OddPaths
{
    public static void UseOddPathRefusal(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && path.Any(char.IsControl))
            throw Refuse.Invalid("bad_request", "The address holds control characters. Correct it.");
        return next(context);
    });
}
