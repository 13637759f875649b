using System.Collections.Concurrent;

namespace Aegis.Auth.Protection;

/// <summary>
/// Counts by name what may happen a few times in a while, such as failures of one address. In memory: each host counts for itself, and a
/// start forgets.
/// </summary>
/// <param name="max">How often within <paramref name="length"/>.</param>
/// <param name="length">How long a window lasts; it begins with the first attempt.</param>
/// <param name="clock">What time it is.</param>
internal sealed class AttemptWindow(int max, TimeSpan length, TimeProvider clock)
{
    private const int MaxNames = 100_000; // some 10 MB

    private readonly ConcurrentDictionary<string, Window> windows = new(StringComparer.Ordinal);

    /// <summary>How many seconds this name has to wait, or null when it need not.</summary>
    public int? SecondsToWait(string name)
    {
        var now = clock.GetUtcNow();
        if (!windows.TryGetValue(name, out var window) || window.Count < max || now >= window.Since + length) return null;
        return (int)Math.Ceiling((window.Since + length - now).TotalSeconds);
    }

    /// <summary>Counts an attempt of this name. Of those that come at once each is counted.</summary>
    /// <returns>How many seconds it has to wait when there were too many already, or null.</returns>
    public int? Take(string name)
    {
        var now = clock.GetUtcNow();
        if (windows.Count >= MaxNames) MakeRoom(now);
        var taken = windows.AddOrUpdate(
            name, _ => new Window(1, now),
            (_, w) => now >= w.Since + length ? new Window(1, now) : w with { Count = Math.Min(w.Count, max) + 1 });
        return taken.Count > max ? (int)Math.Ceiling((taken.Since + length - now).TotalSeconds) : null;
    }

    /// <summary>Takes back an attempt that was counted before it was known to be right.</summary>
    public void GiveBack(string name)
    {
        while (windows.TryGetValue(name, out var window) && window.Count > 0)
        {
            if (windows.TryUpdate(name, window with { Count = window.Count - 1 }, window)) return;
        }
    }

    private void MakeRoom(DateTimeOffset now)
    {
        foreach (var (name, window) in windows)
        {
            if (now >= window.Since + length) windows.TryRemove(name, out _);
        }

        if (windows.Count >= MaxNames) windows.Clear();
    }

    private readonly record struct Window(int Count, DateTimeOffset Since);
}
