using Hangfire;

namespace Aegis.Kernel.Jobs;

/// <summary>
/// The method that Hangfire calls when a job is due. Hangfire never gets the exception of a failed job, because its tables and dashboard
/// would keep the message. There are no retries: the next run is the retry.
/// </summary>
[AutomaticRetry(Attempts = 0)]
[SkipWhileUnderWay]
[ForgetFailures]
internal sealed class ScheduledJob(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, ConnectionRetries repeats, ILogger<ScheduledJob> log)
{
    /// <summary>Hangfire's tables store the type name and this signature, so they never change.</summary>
    [JobDisplayName("{0}")]
    public async Task Run(string name, CancellationToken ct)
    {
        var job = jobs.FirstOrDefault(j => j.Name == name)
            ?? throw new JobFailedException("This host does not have this job. A host with another version scheduled it.");
        if (!await job.Run(scopes, repeats, log, ct)) throw new JobFailedException("The job failed. See the log of the host.");
    }
}

/// <summary>Makes Hangfire count a run as failed. The message contains nothing of the original exception.</summary>
internal sealed class JobFailedException(string message) : Exception(message);
