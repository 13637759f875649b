namespace Aegis.Kernel.Jobs;

/// <summary>
/// Work that runs once a minute or less often. What is due is in the module's tables and is claimed there, so any number of hosts give
/// each item one effect.
/// </summary>
public interface IRecurringJob
{
    /// <summary>Stable name, for example <c>studies.expire-requests</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Cron expression of six fields, seconds first, in UTC, as Cronos reads it.</summary>
    static abstract string Cron { get; }

    Task Run(CancellationToken ct);
}
