using Microsoft.AspNetCore.Antiforgery;

namespace Aegis.Host.Jobs;

/// <summary>
/// Decides who may start, requeue or delete jobs in the dashboard. The operator must allow it (<c>Jobs:DashboardWrites</c>), and the admin
/// needs a recent sign-in and must use the dashboard's form. The change is audited before it is made.
/// </summary>
internal static class DashboardWrites
{
    private const string Stats = JobDashboard.Path + "/stats"; // a read, although Hangfire sends it as POST
    private const int MaxNames = 50; // in one event
    private const int MaxNameLength = 100;

    /// <summary>Set on a request that may write, before Hangfire decides which buttons the page shows.</summary>
    private sealed record Writable;

    public static bool MayWrite(HttpContext context) => context.Features.Get<Writable>() is not null;

    /// <summary>Runs after authorization and before the dashboard.</summary>
    public static void UseDashboardWrites(this WebApplication app) => app.Use(async (context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(JobDashboard.Path, StringComparison.OrdinalIgnoreCase))
        {
            if (context.FindCaller() is { IsPlatformAdmin: true } person) await Decide(context, person);
            context.Response.Headers.ContentSecurityPolicy = JobDashboard.ContentSecurityPolicy;
        }

        await next(context);
    });

    private static async Task Decide(HttpContext context, Caller person)
    {
        var isRead = !HttpMethods.IsPost(context.Request.Method) || context.Request.Path.Equals(Stats, StringComparison.OrdinalIgnoreCase);
        var signIns = context.RequestServices.GetRequiredService<IRecentSignIn>();
        if (!context.RequestServices.GetRequiredService<DashboardOptions>().Writes)
        {
            if (isRead) return;
            throw Refuse.Forbidden("dashboard_read_only",
                "The dashboard is read-only. To change jobs there, set Jobs:DashboardWrites on the hosts.");
        }

        var isPerson = context.Request.Headers.Authorization.Count == 0;
        var isRecent = isPerson && person.Withheld is null && await signIns.IsRecent(person, context.RequestAborted);
        if (isRecent) context.Features.Set(new Writable());
        if (isRead) return;

        person.RequireSteppedUp();
        if (!isRecent)
            throw Refuse.Forbidden("recent_sign_in_required",
                "To change jobs, a person must have signed in within the last minutes. Sign in again and repeat the change.");
        if (!await context.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(context))
            throw Refuse.Invalid("form_expired",
                "This form is no longer valid. Load the page again and repeat the change.");
        if (context.Request.ContentType?.StartsWith("application/x-www-form-urlencoded", StringComparison.OrdinalIgnoreCase) is not true)
            throw Refuse.Invalid("form_expired", "The request is not a form of the dashboard. Use the dashboard's buttons.");
#pragma warning disable RS0030 // a form without files is never written to disk
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
#pragma warning restore RS0030
        var names = form["jobs[]"].OfType<string>().Take(MaxNames).Select(n => n.Length > MaxNameLength ? n[..MaxNameLength] : n).ToList();
        await signIns.RecordJobChange(
            person, context.Request.Path.Value![JobDashboard.Path.Length..].Trim('/'), names, context.RequestAborted);
    }
}
