using System.Collections.Concurrent;

namespace Aegis.Kernel.Events;

/// <summary>
/// Wakes those who wait for rows of one kind (relay, audit sequencer, rotations) as soon as some are committed, and nobody else:
/// a busy host commits hundreds of times a second, and who is woken asks the database.
/// </summary>
public sealed class CommitSignals
{
    private readonly ConcurrentDictionary<Type, Signal> waited = new();

    /// <summary>Tells those who wait for rows of this kind that some were committed.</summary>
    public void Raise(Type row)
    {
        if (waited.TryGetValue(row, out var signal)) signal.Raise();
    }

    /// <summary>
    /// A task that ends at the next commit of rows of this kind. Take it before looking for work, so that no commit falls between.
    /// </summary>
    public Task Next<TRow>() => waited.GetOrAdd(typeof(TRow), _ => new Signal()).Next();

    /// <summary>True when somebody ever waited for rows of this kind.</summary>
    internal bool AreWaitedFor(Type row) => waited.ContainsKey(row);
}
