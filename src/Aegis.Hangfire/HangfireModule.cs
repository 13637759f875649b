using Aegis.Hangfire.Dashboard;
using Aegis.Hangfire.Scheduling;
using Aegis.Kernel.Callers;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Hangfire;

/// <summary>Runs the recurring jobs on Hangfire, in place of Quartz, and shows them to the platform's admins.</summary>
public static class HangfireModule
{
    /// <summary>Where the dashboard is.</summary>
    public const string Path = "/hangfire";

    private const int Workers = 4; // jobs mostly wait for the database, and a slow one must not hold up the others
    private static readonly TimeSpan LateAtMost = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StatsEvery = TimeSpan.FromMinutes(1); // every look is a call, and is audited

    public static IServiceCollection AddHangfireRunner(this IServiceCollection services)
    {
        // Not by Hangfire's static configuration: several hosts of one process would share it.
        services.AddSingleton(JobStore.Open);
        services.AddSingleton<JobActivator, AspNetCoreJobActivator>();
        services.AddHangfire(o => o.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings());
        services.AddHostedService<KeepSchedule>(); // before the server, which works on it
        return services.AddHangfireServer(o =>
        {
            o.WorkerCount = Workers;
            o.SchedulePollingInterval = LateAtMost;
        });
    }

    /// <summary>Maps the dashboard. Call it before authentication.</summary>
    /// <param name="app">The host.</param>
    /// <param name="scope">The scope that a platform admin's key needs to look.</param>
    public static void MapJobDashboard(this WebApplication app, string scope)
    {
        var storage = app.Services.GetRequiredService<JobStorage>(); // refuses the start before Hangfire is set up
        app.UseBrowserSignIn();
        app.MapHangfireDashboard(Path, new DashboardOptions
            {
                Authorization = [new PlatformAdminsOnly()],
                IsReadOnlyFunc = _ => true,
                StatsPollingInterval = (int)StatsEvery.TotalMilliseconds,
                DisplayStorageConnectionString = false,
                DashboardTitle = "Aegis: recurring jobs",
                AppPath = null,
            }, storage)
            .RequireAuthorization(new RequireScopeAttribute(scope));
    }
}
