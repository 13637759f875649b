namespace Aegis.Audit.Sequencing;

/// <summary>Lets a reader see every entry that was durable when it asked, whichever host sequences.</summary>
internal sealed class CatchUp(AuditDb db, Sequencer sequencer, TimeProvider clock)
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(2); // after that, only the newest entries are missing in the answer
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(5);

    public async Task Wait(CancellationToken ct)
    {
        // Pending entries are sequenced in order of id. Once the newest one of now is gone, all others of now are gone too.
        var newest = await db.Pending.MaxAsync(p => (string?)p.Id, ct);
        if (newest is null) return;

        await Until(async () => !await db.Pending.AnyAsync(p => string.Compare(p.Id, newest) <= 0, ct), ct);
    }

    /// <summary>Hurries the sequencer until the condition is true or the time limit is over.</summary>
    public async Task Until(Func<Task<bool>> isDone, CancellationToken ct)
    {
        var start = clock.GetTimestamp();
        while (!await isDone() && clock.GetElapsedTime(start) < MaxLag)
        {
            sequencer.Hurry();
            await Task.Delay(Interval, ct);
        }
    }
}
