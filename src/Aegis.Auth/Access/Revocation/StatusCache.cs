using System.Collections.Concurrent;

namespace Aegis.Auth.Access.Revocation;

/// <summary>
/// What this host remembers of keys and sessions, by their ids, so that an authenticated request costs no query. Whatever may have changed
/// is forgotten and read anew; see <see cref="FollowChanges"/> for who says so.
/// </summary>
internal sealed class StatusCache
{
    /// <summary>Entries kept, of about 300 bytes; one more empties it, which bounds it without an order to maintain.</summary>
    public const int Capacity = 100_000;

    private readonly ConcurrentDictionary<string, object> states = new(StringComparer.Ordinal);
    private long forgettings;
    private int count; // of what was kept since it was last empty: counting the entries themselves locks them all

    /// <summary>Grows whenever something is forgotten. Take it before reading what is to be kept.</summary>
    public long Mark() => Interlocked.Read(ref forgettings);

    public T? Find<T>(string id)
        where T : class? => states.GetValueOrDefault(id) as T;

    /// <summary>
    /// Keeps what was read after <paramref name="mark"/> was taken, unless something was forgotten meanwhile: the reading may be older than
    /// the change. Forgetting counts first and removes then, keeping adds first and looks then, so one of the two sees the other.
    /// </summary>
    public void Keep(string id, object state, long mark)
    {
        if (Interlocked.Increment(ref count) > Capacity) Clear();
        states[id] = state;
        if (Mark() != mark) states.TryRemove(id, out _);
    }

    public void Forget(IReadOnlyCollection<string> subjects)
    {
        Interlocked.Increment(ref forgettings);
        if (subjects.Contains(StateChange.Everybody)) Clear();
        foreach (var subject in subjects) states.TryRemove(subject, out _);
    }

    private void Clear()
    {
        states.Clear();
        Interlocked.Exchange(ref count, 0);
    }
}
