using Aegis.Kernel.Callers;
using Aegis.Kernel.Refusals;
using Hangfire.Dashboard;

namespace Aegis.Hangfire.Dashboard;

/// <summary>Lets platform admins in and nobody else. Hangfire's own default lets in who calls from this machine: behind a proxy, everyone.</summary>
internal sealed class PlatformAdminsOnly : IDashboardAuthorizationFilter
{
    public bool Authorize(DashboardContext context) => context.GetHttpContext().Caller().IsPlatformAdmin
        ? true
        : throw Refuse.Forbidden("platform_only", "Only an admin of the organization that runs this installation can do this.");
}
