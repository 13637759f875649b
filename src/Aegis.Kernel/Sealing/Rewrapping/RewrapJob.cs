using Aegis.Kernel.Jobs;

namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>Brings everything under the newest key of the ring. Running twice, or on two hosts, finds nothing more to do.</summary>
internal sealed class RewrapJob(SealedValues values, KeyRing ring) : IRecurringJob
{
    public static string Name => "kernel.rewrap";

    public static string Cron => "0 * * * * ?";

    /// <summary>A ring with one key has nothing to rewrap. One with more is looked through until the old key is retired.</summary>
    public Task Run(CancellationToken ct) => ring.Keys.Count > 1 ? values.Rewrap(ct) : Task.CompletedTask;
}
