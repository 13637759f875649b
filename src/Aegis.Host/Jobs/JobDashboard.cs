using Aegis.Auth;
using Hangfire;
using Hangfire.Dashboard;

namespace Aegis.Host.Jobs;

/// <summary>
/// Hangfire's dashboard at <c>/hangfire</c>, for the platform's admins: a person with a sign-in cookie, or a script with a token. The
/// permission is checked on every request. Without <c>Jobs:DashboardWrites</c> it is read-only (<see cref="DashboardWrites"/>).
/// </summary>
internal static class JobDashboard
{
    /// <summary>The path of the dashboard.</summary>
    public const string Path = "/hangfire";

    /// <summary>
    /// The policy of Aegis' own pages, plus the icon and fonts that Hangfire's stylesheet contains as data, and the one style element that
    /// its chart adds.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'sha256-z7zcnw/4WalZqx+PrNaRnoeLz/G9WXuFqV1WCJ129sg='; img-src 'self' "
            + "data:; font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    private static readonly TimeSpan StatsEvery = TimeSpan.FromMinutes(1); // every poll is an audited call

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
    /// Allows only platform admins. Hangfire's default allows callers from the local machine; behind a proxy, that is everyone.
    /// </summary>
    private sealed class PlatformAdminsOnly : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => context.GetHttpContext().Caller().IsPlatformAdmin
            ? true
            : throw Refuse.Forbidden("platform_only", "Only an admin of the organization that runs this installation can do this.");
    }
}
