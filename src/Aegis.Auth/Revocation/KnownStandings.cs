using Aegis.Auth.Keys;
using System.Collections.Concurrent;

namespace Aegis.Auth.Revocation;

/// <summary>
/// What this host remembers of keys, so that an authenticated request costs no query. Whatever may have changed is forgotten and read anew;
/// see <see cref="FollowChanges"/> for who says so.
/// </summary>
/// <param name="capacity">Entries kept; one more empties it, which bounds it without an order to maintain.</param>
internal sealed class KnownStandings(int capacity = KnownStandings.DefaultCapacity)
{
    public const int DefaultCapacity = 100_000; // about 300 bytes each

    private readonly ConcurrentDictionary<string, KeyStanding> standings = new(StringComparer.Ordinal);
    private long forgettings;

    /// <summary>Grows whenever something is forgotten. Take it before reading what is to be kept.</summary>
    public long Mark() => Interlocked.Read(ref forgettings);

    public KeyStanding? Find(string keyId) => standings.GetValueOrDefault(keyId);

    /// <summary>
    /// Keeps what was read after <paramref name="mark"/> was taken, unless something was forgotten meanwhile: the reading may be older than
    /// the change. Forgetting counts first and removes then, keeping adds first and looks then, so one of the two sees the other.
    /// </summary>
    public void Keep(KeyStanding standing, long mark)
    {
        if (standings.Count >= capacity) standings.Clear();
        standings[standing.KeyId] = standing;
        if (Mark() != mark) standings.TryRemove(standing.KeyId, out _);
    }

    public void Forget(IReadOnlyCollection<string> subjects)
    {
        Interlocked.Increment(ref forgettings);
        if (subjects.Contains(StandingChange.Everybody)) standings.Clear();
        foreach (var subject in subjects) standings.TryRemove(subject, out _);
    }
}
