namespace Aegis.Kernel.Sealing.Rewrapping;

/// <summary>Destroys a key of the ring when no value needs it.</summary>
public sealed class KeyRetirement(KeyRing ring, SealedValues values, TimeProvider clock)
{
    /// <summary>
    /// The age that the newest key must have. By then every host has used it for a long time, and values that were sealed with the old key
    /// just before have been saved or dropped.
    /// </summary>
    public static readonly TimeSpan MinKeyAge = TimeSpan.FromMinutes(10);

    /// <summary>Destroys the key, or returns the reason why it cannot.</summary>
    public async Task<string?> Retire(string keyId, CancellationToken ct)
    {
        if (await Obstacle(keyId, ct) is { } obstacle) return obstacle;
        if (!ring.IsWritable)
            return $"Nothing is sealed under '{keyId}' any longer. Remove it from the environment of every host and restart them.";
        ring.Destroy(keyId);
        return null;
    }

    private async Task<string?> Obstacle(string keyId, CancellationToken ct)
    {
        if (!ring.Has(keyId)) return $"The key ring has no key '{keyId}'.";
        var newest = ring.Newest.Id;
        if (keyId == newest) return $"'{keyId}' is the key that seals. Add a new key with 'Aegis.Host rotate-kek' first.";
        if (Ids.TimeOf(newest) + MinKeyAge is { } settled && clock.GetUtcNow() < settled)
            return $"'{newest}' is new: hosts may still save values that they sealed under an older key. Try again after {settled:u}.";

        var counts = await values.Count(ct);
        if (counts.FirstOrDefault(c => c.Under[keyId] > 0) is { } held)
            return $"{held.Under[keyId]} values of {held.Column} are still sealed under '{keyId}'. See 'Aegis.Host rotate-kek --status'; "
                + "hosts rewrap every minute, or run 'Aegis.Host rotate-kek --resume' to rewrap at once.";
        return null;
    }
}
