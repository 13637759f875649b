using Hangfire;
using Hangfire.AspNetCore;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// Runs the recurring jobs on Hangfire. <see cref="WriteSchedule"/> tells it at each start which jobs there are, <see cref="ScheduledJob"/>
/// is what it calls, <see cref="JobStore"/> is where it keeps the schedule and what ran.
/// </summary>
public static class HangfireRunner
{
    private const int Workers = 4; // jobs mostly wait for the database, and a slow one must not hold up the others
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1); // jobs are due once a minute or less often

    public static IServiceCollection AddHangfireRunner(this IServiceCollection services)
    {
        // Not by Hangfire's static configuration: several hosts of one process would share it.
        services.AddSingleton(JobStore.Open);
        services.AddSingleton<JobActivator, AspNetCoreJobActivator>();
        services.AddHangfire(o => o.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddHostedService<WriteSchedule>(); // before the server, which works on it
        return services.AddHangfireServer(o =>
        {
            o.WorkerCount = Workers;
            o.SchedulePollingInterval = MaxDelay;
        });
    }
}
