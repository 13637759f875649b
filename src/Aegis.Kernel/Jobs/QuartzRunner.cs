using Aegis.Kernel.Persistence.SqlServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Quartz;

namespace Aegis.Kernel.Jobs;

/// <summary>Runs the recurring jobs on Quartz, in memory: what is due stands in the tables, so the scheduler has nothing to remember.</summary>
internal sealed class QuartzRunner(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, Repeats repeats, ILogger<QuartzRunner> log) : IHostedService
{
    private IScheduler? scheduler;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        scheduler = await QuartzSchedulerBuilder.Create(Schedule).BuildScheduler(cancellationToken);
        await scheduler.Start(cancellationToken);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (scheduler is not null) await scheduler.Shutdown(waitForJobsToComplete: true, cancellationToken);
    }

    private void Schedule(IQuartzBuilder quartz)
    {
        quartz.UseInMemoryStore();
        foreach (var job in jobs)
        {
            quartz.ScheduleJob(
                job.Name,
                Task (CancellationToken ct) => job.Run(scopes, repeats, log, ct), // Quartz takes no task with a result
                trigger => trigger.WithCronSchedule(job.Cron, cron => cron.InTimeZone(TimeZoneInfo.Utc)));
        }
    }
}
