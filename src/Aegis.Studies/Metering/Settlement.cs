namespace Aegis.Studies.Metering;

/// <summary>Brings the meter up to date before it is compared: the client has the last byte before the host has counted it.</summary>
internal sealed class Settlement(StudiesDb db, StreamLedger ledger, TimeProvider clock)
{
    private const int LastBuffer = 256 * 1024; // a stream with less left has handed over its last buffer, or is about to
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PatienceWithOthers = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Waits for the streams of a transfer that are about to end, and stores what the others have served so far. Streams of other hosts
    /// cannot be asked; those that end within a second are waited for.
    /// </summary>
    public async Task Settle(string transferId, CancellationToken ct)
    {
        var own = ledger.Of(transferId);
        await Task.WhenAny(Task.WhenAll(own.Where(IsEnding).Select(a => a.Over.Task)), Task.Delay(Patience, clock, ct));
        own = ledger.Of(transferId);
        foreach (var account in own) await ledger.Flush(account);

        var mine = own.Select(a => a.LeaseId).ToList();
        for (var start = clock.GetTimestamp(); clock.GetElapsedTime(start) < PatienceWithOthers && await OthersRun(transferId, mine, ct);)
            await Task.Delay(Pause, clock, ct);
    }

    private static bool IsEnding(StreamAccount account) => account.Piece.Bytes - account.Meter.Egress <= LastBuffer;

    private Task<bool> OthersRun(string transferId, List<string> mine, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Leases.AnyAsync(l => l.TransferId == transferId && l.ExpiresAt > now && !mine.Contains(l.Id), ct);
    }
}
