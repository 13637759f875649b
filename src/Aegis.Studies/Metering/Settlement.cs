namespace Aegis.Studies.Metering;

/// <summary>
/// Brings the meter up to date before it is compared, because a client receives the last byte before the host has counted it.
/// </summary>
internal sealed class Settlement(StudiesDb db, StreamLedger ledger, TimeProvider clock)
{
    private const int LastBuffer = 256 * 1024; // a stream with less left is sending its last buffer
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan MaxWaitForOtherHosts = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(25);

    /// <summary>
    /// Waits for the streams of a transfer that are about to end, and stores what the others have served so far. Streams on other hosts
    /// cannot be asked, so it waits one second for them to end.
    /// </summary>
    public async Task Settle(string transferId, CancellationToken ct)
    {
        var accounts = ledger.Of(transferId);
        await Task.WhenAny(Task.WhenAll(accounts.Where(IsEnding).Select(a => a.Closed.Task)), Task.Delay(MaxWait, clock, ct));
        accounts = ledger.Of(transferId);
        foreach (var account in accounts) await ledger.Flush(account);

        var ours = accounts.Select(a => a.LeaseId).ToList();
        for (var start = clock.GetTimestamp();
            clock.GetElapsedTime(start) < MaxWaitForOtherHosts && await OtherHostsServe(transferId, ours, ct);)
            await Task.Delay(Pause, clock, ct);
    }

    private static bool IsEnding(StreamAccount account) => account.Piece.Bytes - account.Meter.Egress <= LastBuffer;

    private Task<bool> OtherHostsServe(string transferId, List<string> ours, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        return db.Leases.AnyAsync(l => l.TransferId == transferId && l.ExpiresAt > now && !ours.Contains(l.Id), ct);
    }
}
