using System.Collections.Concurrent;

namespace Aegis.Auth.Access.Keys;

/// <summary>
/// Keys that this process wrote down as seen in an address, so that one that is sent so on every call is written down once.
/// </summary>
internal sealed class ExposedKeys
{
    private readonly ConcurrentDictionary<string, byte> noted = new(StringComparer.Ordinal);

    public bool Knows(string keyId) => noted.ContainsKey(keyId);

    /// <summary>To be called once it is stored: what failed is tried again with the next call.</summary>
    public void Remember(string keyId) => noted.TryAdd(keyId, 0);
}
