using Hangfire;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// What Hangfire calls when a job is due. It never learns why a job failed, since its tables and its dashboard would keep the message.
/// No retries: the next run is one.
/// </summary>
[AutomaticRetry(Attempts = 0)]
[SkipWhileUnderWay]
[ForgetFailures]
internal sealed class ScheduledJob(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, Repeats repeats, ILogger<ScheduledJob> log)
{
    /// <summary>The type's name and this signature are stored in Hangfire's tables.</summary>
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
