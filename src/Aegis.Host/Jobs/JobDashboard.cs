using Aegis.Auth;
using Hangfire;
using Hangfire.Dashboard;

namespace Aegis.Host.Jobs;

/// <summary>
/// Hangfire's dashboard at <c>/hangfire</c>, for the platform's admins: a person with the cookie of a sign-in, or a script with a token.
/// Whether the caller is one is asked on every request. Without <c>Jobs:DashboardWrites</c> it only shows (<see cref="DashboardWrites"/>).
/// </summary>
internal static class JobDashboard
{
    /// <summary>Where the dashboard is.</summary>
    public const string Path = "/hangfire";

    /// <summary>
    /// As of Aegis' own pages, with the icon and the fonts that Hangfire's stylesheet holds as data, and the one style element that its
    /// chart adds.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-z7zcnw/4WalZqx+PrNaRnoeLz/G9WXuFqV1WCJ129sg='; img-src 'self' "
            + "data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan StatsEvery = TimeSpan.FromMinutes(1); // every look is a call, and is audited

    public static void MapJobDashboard(this WebApplication app)
    {
        app.MapHangfireDashboard(Path, new Hangfire.DashboardOptions
        {
            Authorization = [new PlatformAdminsOnly()],
            IsReadOnlyFunc = context => !DashboardWrites.MayWrite(context.GetHttpContext()),
            StatsPollingInterval = (int)StatsEvery.TotalMilliseconds,
            DisplayStorageConnectionString = false,
            DashboardTitle = "Aegis: recurring jobs",
            AppPath = "/settings",
        })
            .RequireAuthorization(new RequireScopeAttribute(Scopes.StackRead))
            .ForPeople(orBearer: true);
    }

    /// <summary>
    /// Lets platform admins in and nobody else. Hangfire's default lets in callers from this machine: behind a proxy, everyone.
    /// </summary>
    private sealed class PlatformAdminsOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().Caller().IsPlatformAdmin
            ? true
            : throw Refuse.Forbidden("platform_only", "Only an admin of the organization that runs this installation can do this.");
    }
}
