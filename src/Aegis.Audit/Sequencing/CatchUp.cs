namespace Aegis.Audit.Sequencing;

/// <summary>Lets a reader see everything that was durable when it asked, whichever host sequences.</summary>
internal sealed class CatchUp(AuditDb db, Sequencer sequencer, TimeProvider clock)
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2); // then the answer lacks the newest entries and nothing else
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(5);

    public async Task Wait(CancellationToken ct)
    {
        // Pending entries are sequenced by id: once the newest one of now is gone, all of now are.
        var newest = await db.Pending.MaxAsync(p => (string?)p.Id, ct);
        if (newest is null) return;

        await Until(async () => !await db.Pending.AnyAsync(p => string.Compare(p.Id, newest) <= 0, ct), ct);
    }

    /// <summary>Hurries the sequencer until it is so, or until it took too long.</summary>
    public async Task Until(Func<Task<bool>> isSo, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        while (!await isSo() && clock.GetElapsedTime(start) < MaxLag)
        {
            sequencer.Hurry();
            await Task.Delay(Look, ct);
        }
    }
}
