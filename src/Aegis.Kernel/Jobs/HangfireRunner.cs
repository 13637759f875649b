using Hangfire;
using Hangfire.AspNetCore;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// Runs the recurring jobs on Hangfire.
/// A module registers an <see cref="IRecurringJob"/>, which becomes a <see cref="JobRegistration"/>. At each start <see
/// cref="WriteSchedule"/> writes the schedule to <see cref="JobStore"/>. When a job is due, Hangfire calls <see cref="ScheduledJob"/>,
/// which runs the registration in its own scope. A run that fails is logged, and the next scheduled run is its retry. A run is skipped
/// while the previous one is queued or running. A job must tolerate running twice or on two hosts at once.
/// </summary>
public static class HangfireRunner
{
    private const int Workers = 4; // jobs mostly wait for the database, and a slow one must not block the others
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(1); // jobs are due once a minute or less often

    public static IServiceCollection AddHangfireRunner(this IServiceCollection services)
    {
        // Hangfire's static configuration is not used, because several hosts in one process (tests) would share it.
        services.AddSingleton(JobStore.Open);
        services.AddSingleton<JobActivator, AspNetCoreJobActivator>();
        services.AddHangfire(o => o.SetDataCompatibilityLevel(CompatibilityLevel.Version_180).UseSimpleAssemblyNameTypeSerializer()
            .UseRecommendedSerializerSettings());
        services.AddHostedService<WriteSchedule>(); // must start before the server, which reads the schedule
        return services.AddHangfireServer(o =>
        {
            o.WorkerCount = Workers;
            o.SchedulePollingInterval = MaxDelay;
        });
    }
}
