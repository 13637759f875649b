using Hangfire;
using Hangfire.Common;
using Hangfire.Storage;
using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Jobs;

/// <summary>Registers the jobs with Hangfire at each start, and removes jobs of older versions.</summary>
internal sealed class WriteSchedule(IEnumerable<JobRegistration> jobs, IRecurringJobManager schedule, JobStorage storage) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // Relaxed: however many runs were missed, the job runs once
        var utc = new RecurringJobOptions { TimeZone = TimeZoneInfo.Utc, MisfireHandling = MisfireHandlingMode.Relaxed };
        foreach (var job in jobs)
        {
            var work = Job.FromExpression<ScheduledJob>(x => x.Run(job.Name, CancellationToken.None));
            schedule.AddOrUpdate(job.Name, work, job.Cron, utc);
        }

        using var connection = storage.GetConnection();
        foreach (var gone in connection.GetRecurringJobs().Select(j => j.Id).Except(jobs.Select(j => j.Name)))
            schedule.RemoveIfExists(gone);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
