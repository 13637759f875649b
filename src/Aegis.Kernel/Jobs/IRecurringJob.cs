namespace Aegis.Kernel.Jobs;

/// <summary>
/// Work that runs once a minute or less often. Due items are rows of the module's tables and are claimed there, so several hosts can run
/// the job and each item is still handled once.
/// </summary>
public interface IRecurringJob
{
    /// <summary>Stable name, for example <c>studies.expire-requests</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Cron expression with six fields, seconds first, in UTC, in Cronos' syntax.</summary>
    static abstract string Cron { get; }

    Task Run(CancellationToken ct);
}
