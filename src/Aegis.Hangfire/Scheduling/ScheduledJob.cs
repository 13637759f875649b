using Aegis.Kernel.Jobs;
using Aegis.Kernel.Persistence.SqlServer;
using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Hangfire.Scheduling;

/// <summary>
/// What Hangfire calls when a job's time has come. It never sees why a job failed: its tables and its dashboard would keep the message.
/// No retries, since the next tick is one.
/// </summary>
[AutomaticRetry(Attempts = 0), SkipWhileUnderWay, ForgetFailures]
internal sealed class ScheduledJob(IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, Repeats repeats, ILogger<ScheduledJob> log)
{
    /// <summary>The type's name and this signature stand in Hangfire's tables.</summary>
    [JobDisplayName("{0}")]
    public async Task Run(string name, CancellationToken ct)
    {
        var job = jobs.FirstOrDefault(j => j.Name == name)
            ?? throw new JobFailedException("This host has no such job: a host of another version scheduled it.");
        if (!await job.Run(scopes, repeats, log, ct)) throw new JobFailedException("The job failed. The log of this host says why.");
    }
}

/// <summary>Makes Hangfire count a run as failed, in words that hold nothing of the failure.</summary>
internal sealed class JobFailedException(string message) : Exception(message);
