using System.Globalization;

namespace Aegis.Host.Edge;

/// <summary>Counts the refusals of calls that nobody vouches for, instead of logging them.</summary>
internal static class CountStrangers
{
    public static void UseStrangerCounts(this IApplicationBuilder app)
    {
        var strangers = app.ApplicationServices.GetRequiredService<StrangerCalls>();
        app.Use(async (context, next) =>
        {
            await next(context);
            var status = context.Response.StatusCode;
            if (status >= StatusCodes.Status400BadRequest && context.FindCaller() is null)
                strangers.Count(Problem.CodeOf(context) ?? status.ToString(CultureInfo.InvariantCulture));
        });
    }
}
