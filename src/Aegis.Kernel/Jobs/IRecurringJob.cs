namespace Aegis.Kernel.Jobs;

/// <summary>
/// Work that runs once a minute or less often. What is due stands in the module's tables and is claimed there,
/// so any runner on any number of hosts gives each item one effect.
/// </summary>
public interface IRecurringJob
{
    /// <summary>Stable name, such as <c>studies.expire-requests</c>.</summary>
    static abstract string Name { get; }

    /// <summary>Quartz cron expression with seconds, UTC.</summary>
    static abstract string Cron { get; }

    Task Run(CancellationToken ct);
}
