using System.Collections.Concurrent;

namespace Aegis.Kernel.Events;

/// <summary>
/// Wakes the waiters for one kind of row (relay, audit sequencer, rotations) when such rows are committed. Other waiters stay asleep: a
/// busy host commits hundreds of times a second, and each waiter that wakes queries the database.
/// </summary>
public sealed class CommitSignals
{
    private readonly ConcurrentDictionary<Type, Signal> waited = new();

    /// <summary>Wakes the waiters for this kind of row.</summary>
    public void Raise(Type row)
    {
        if (waited.TryGetValue(row, out var signal)) signal.Raise();
    }

    /// <summary>
    /// A task that completes at the next commit of rows of this kind. Take it before looking for work, so that no commit is missed in
    /// between.
    /// </summary>
    public Task Next<TRow>() => waited.GetOrAdd(typeof(TRow), _ => new Signal()).Next();

    /// <summary>True when someone has ever waited for rows of this kind.</summary>
    internal bool AreWaitedFor(Type row) => waited.ContainsKey(row);
}
