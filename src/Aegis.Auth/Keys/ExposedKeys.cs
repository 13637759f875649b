using System.Collections.Concurrent;

namespace Aegis.Auth.Keys;

/// <summary>Keys that this process saw in an address, so that one that is sent so on every call is written down once.</summary>
internal sealed class ExposedKeys
{
    private readonly ConcurrentDictionary<string, byte> seen = new(StringComparer.Ordinal);

    public bool IsNew(string keyId) => seen.TryAdd(keyId, 0);
}
