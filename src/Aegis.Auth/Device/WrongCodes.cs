using System.Collections.Concurrent;
using Aegis.Kernel.Refusals;
using Microsoft.AspNetCore.Http;

namespace Aegis.Auth.Device;

/// <summary>
/// Counts codes that a person typed and no program has. In memory: on each host a person may be wrong ten times in ten minutes, which is nothing
/// beside a billion codes (RFC 8628 §5.1).
/// </summary>
internal sealed class WrongCodes(TimeProvider clock)
{
    private const int Most = 10;
    private const int MostPersons = 100_000;
    private static readonly TimeSpan Counts = DeviceGrant.Lifetime;

    private readonly ConcurrentDictionary<string, (int Count, DateTimeOffset Since)> wrong = new(StringComparer.Ordinal);

    public void RequireAllowed(string userId)
    {
        if (!wrong.TryGetValue(userId, out var so) || so.Count < Most || clock.GetUtcNow() >= so.Since + Counts) return;
        var seconds = (int)Math.Ceiling((so.Since + Counts - clock.GetUtcNow()).TotalSeconds);
        throw new RefusedException(
            StatusCodes.Status429TooManyRequests, "device_attempts_exceeded", $"Too many codes that no program has. Wait {seconds} s and try again.").With(Problem.RetryAfter, seconds);
    }

    public void Count(string userId)
    {
        var now = clock.GetUtcNow();
        if (wrong.Count >= MostPersons) wrong.Clear();
        wrong.AddOrUpdate(userId, (1, now), (_, so) => now >= so.Since + Counts ? (1, now) : (so.Count + 1, so.Since));
    }
}
