using System.Collections.Concurrent;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// Caches the states of keys, sessions and logins by id, so that an authenticated request costs no query. <see cref="FollowChanges"/>
/// removes the entries that may have changed, and they are read again.
/// </summary>
internal sealed class StatusCache
{
    /// <summary>The most entries, of about 300 bytes each. One more clears the cache, so no order of use must be maintained.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<string, object> states = new(StringComparer.Ordinal);
    private long removals;
    private int count; // entries added since the last clear; ConcurrentDictionary.Count locks the whole dictionary

    /// <summary>The number of removals so far. Read it before the state that is to be cached.</summary>
    public long Removals() => Interlocked.Read(ref removals);

    public T? Find<T>(string id)
        where T : class? => states.GetValueOrDefault(id) as T;

    /// <summary>
    /// Caches a state that was read after <see cref="Removals"/>, unless something was removed since: the state may be older than the
    /// change. A removal counts first and removes then; this adds first and compares then. So one of the two sees the other.
    /// </summary>
    public void Keep(string id, object state, long removalsBefore)
    {
        if (Interlocked.Increment(ref count) > Capacity) Clear();
        states[id] = state;
        if (Removals() != removalsBefore) states.TryRemove(id, out _);
    }

    public void Forget(IReadOnlyCollection<string> subjects)
    {
        Interlocked.Increment(ref removals);
        if (subjects.Contains(StateChange.Everybody)) Clear();
        foreach (var subject in subjects) states.TryRemove(subject, out _);
    }

    private void Clear()
    {
        states.Clear();
        Interlocked.Exchange(ref count, 0);
    }
}
