namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>Destroys a key of the ring once nothing needs it.</summary>
public sealed class KeyRetirement(KeyRing ring, SealedValues values, TimeProvider clock)
{
    /// <summary>
    /// How old the newest key must be. By then every host has sealed with it for long, and what was sealed with the old one the moment
    /// before is stored or given up.
    /// </summary>
    public static readonly TimeSpan Settled = TimeSpan.FromMinutes(10);

    /// <summary>Destroys the key, or says why not.</summary>
    public async Task<string?> Retire(string keyId, CancellationToken ct)
    {
        if (await Obstacle(keyId, ct) is { } obstacle) return obstacle;
        if (!ring.IsWritable)
            return $"Nothing is sealed under '{keyId}' any more. Remove it from the environment of every host and start them anew.";
        ring.Destroy(keyId);
        return null;
    }

    private async Task<string?> Obstacle(string keyId, CancellationToken ct)
    {
        if (!ring.Has(keyId)) return $"The key ring has no key '{keyId}'.";
        var newest = ring.Newest.Id;
        if (keyId == newest) return $"'{keyId}' is the key that seals. Add another one with 'Aegis.Host rotate-kek' first.";
        if (Ids.TimeOf(newest) + Settled is { } settled && clock.GetUtcNow() < settled)
            return $"'{newest}' is new: hosts may still store what they sealed under an older key. Try again after {settled:u}.";

        var counts = await values.Count(ct);
        if (counts.FirstOrDefault(c => c.Under[keyId] > 0) is { } held)
            return $"{held.Under[keyId]} values of {held.Column} are still sealed under '{keyId}'. See 'Aegis.Host rotate-kek --status'; "
                + "hosts rewrap every minute, 'Aegis.Host rotate-kek --resume' does it at once.";
        return null;
    }
}
