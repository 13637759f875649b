using Hangfire.Client;
using Hangfire.Common;
using Hangfire.States;

namespace Aegis.Kernel.Jobs;

/// <summary>Skips a scheduled run while an earlier run of the job is queued or running, so that slow jobs do not pile up.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class SkipWhileUnderWayAttribute : JobFilterAttribute, IClientFilter
{
    private const string Last = "Last";

    /// <summary>
    /// After this time an unfinished run no longer blocks the next one. Otherwise a run whose queue row was lost would stop the job for
    /// good. Two runs at once do no harm.
    /// </summary>
    private static readonly TimeSpan MaxRun = TimeSpan.FromHours(1);

    public void OnCreating(CreatingContext context)
    {
        if (Name(context) is not { } name) return;
        if (context.Connection.GetAllEntriesFromHash(Key(name))?.GetValueOrDefault(Last) is not { } last) return;
        if (context.Connection.GetJobData(last) is not { } run) return;
        var waitsOrWorks = run.State == EnqueuedState.StateName || run.State == ProcessingState.StateName;
        context.Canceled = waitsOrWorks && TimeProvider.System.GetUtcNow().UtcDateTime - run.CreatedAt < MaxRun;
    }

    public void OnCreated(CreatedContext context)
    {
        if (context.BackgroundJob is { } run && Name(context) is { } name)
            context.Connection.SetRangeInHash(Key(name), [new(Last, run.Id)]);
    }

    /// <summary>
    /// Hangfire holds a lock with this name while it schedules, so no other host can run between OnCreating and OnCreated.
    /// </summary>
    private static string? Name(CreateContext context) =>
        context.Parameters.TryGetValue("RecurringJobId", out var name) ? name as string : null;

    private static string Key(string name) => $"aegis:last-run:{name}";
}
