using System.Collections.Concurrent;

namespace Aegis.Auth.Protection;

/// <summary>
/// Limits attempts by name, for example the failures of one client address. The counts are in memory: each host counts alone, and a
/// restart clears them.
/// </summary>
/// <param name="max">How many attempts are allowed within <paramref name="length"/>.</param>
/// <param name="length">How long a window lasts, from the first attempt.</param>
/// <param name="clock">The clock.</param>
internal sealed class AttemptWindow(int max, TimeSpan length, TimeProvider clock)
{
    private const int MaxNames = 100_000; // some 10 MB

    private readonly ConcurrentDictionary<string, Window> windows = new(StringComparer.Ordinal);

    /// <summary>How many seconds this name must wait, or null if it need not.</summary>
    public int? SecondsToWait(string name)
    {
        var now = clock.GetUtcNow();
        if (!windows.TryGetValue(name, out var window) || window.Count < max || now >= window.Since + length) return null;
        return (int)Math.Ceiling((window.Since + length - now).TotalSeconds);
    }

    /// <summary>Counts an attempt of this name. Concurrent attempts are all counted.</summary>
    /// <returns>How many seconds it must wait if there were too many attempts, or null.</returns>
    public int? Take(string name)
    {
        var now = clock.GetUtcNow();
        if (windows.Count >= MaxNames) RemoveExpired(now);
        var taken = windows.AddOrUpdate(
            name, _ => new Window(1, now),
            (_, w) => now >= w.Since + length ? new Window(1, now) : w with { Count = Math.Min(w.Count, max) + 1 });
        return taken.Count > max ? (int)Math.Ceiling((taken.Since + length - now).TotalSeconds) : null;
    }

    /// <summary>Takes back an attempt that succeeded, because attempts are counted before the result is known.</summary>
    public void GiveBack(string name)
    {
        while (windows.TryGetValue(name, out var window) && window.Count > 0)
        {
            if (windows.TryUpdate(name, window with { Count = window.Count - 1 }, window)) return;
        }
    }

    /// <summary>Removes the windows that are over; if there are still too many, all.</summary>
    private void RemoveExpired(DateTimeOffset now)
    {
        foreach (var (name, window) in windows)
        {
            if (now >= window.Since + length) windows.TryRemove(name, out _);
        }

        if (windows.Count >= MaxNames) windows.Clear();
    }

    private readonly record struct Window(int Count, DateTimeOffset Since);
}
