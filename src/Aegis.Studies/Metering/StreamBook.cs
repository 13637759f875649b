using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Persistence;
using Aegis.Studies.Serving;
using Aegis.Studies.Transfers;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Metering;

/// <summary>
/// Writes into the database what streams serve. Each entry takes a connection for itself and gives it back, so that none is held while a
/// slow client drains.
/// </summary>
internal sealed class StreamBook(IServiceScopeFactory scopes, TimeProvider clock, ILogger<StreamBook> log)
{
    private const int Turns = 64;
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(5); // well within a lease's lifetime

    /// <summary>
    /// Streams of one transfer on this host take turns to write, instead of losing to each other again and again; the revision decides
    /// between hosts. Transfers share turns by chance, which costs milliseconds.
    /// </summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];
    /// <summary>Grants a stream its range, before its first byte.</summary>
    public async Task<StreamAccount> Begin(ServedTicket ticket, StudyIndex index, long from, long to, long bytes, CancellationToken ct)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
        var lease = new StreamLease(ticket.TransferId, from, to, bytes, clock.GetUtcNow());
        db.Leases.Add(lease);
        await db.SaveChangesAsync(ct);
        return new StreamAccount(lease.Id, ticket.TicketId, ticket.TransferId, ticket.IssuedAt, index, new StreamMeter(from, index));
    }

    /// <summary>Stores from time to time what was counted, until the stream is over.</summary>
    public async Task Keep(StreamAccount account, CancellationToken over)
    {
        while (true)
        {
            await Task.Delay(FlushPeriod, clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return;
            await Try(account, Flush);
        }
    }

    /// <summary>The stream is over: moves the rest into the meter, gives the lease back, and draws the consequences.</summary>
    public Task Settle(StreamAccount account) => Try(account, Close);

    /// <summary>Moves what was counted so far into the meter, and renews the lease.</summary>
    private Task Flush(StreamAccount account, CancellationToken ct) => Write(account, async (db, taken) =>
    {
        var meter = await db.Meters.FirstAsync(m => m.Id == account.TransferId, ct);
        meter.Add(taken.Served, taken.Egress);
        var lease = await db.Leases.FirstOrDefaultAsync(l => l.Id == account.LeaseId, ct);
        lease?.Renew(taken.Egress, clock.GetUtcNow());
    }, ct);

    /// <summary>Counts a view as soon as a whole instance was served.</summary>
    public Task View(StreamAccount account, CancellationToken ct) => InTurn(account.TransferId, async db =>
    {
        var transfer = await db.Transfers.FirstAsync(t => t.Id == account.TransferId, ct);
        transfer.View(account.OpenedAt, clock.GetUtcNow());
    }, ct);

    private Task Close(StreamAccount account, CancellationToken ct) => Write(account, async (db, taken) =>
    {
        var now = clock.GetUtcNow();
        var transfer = await db.Transfers.Include(t => t.Meter).FirstAsync(t => t.Id == account.TransferId, ct);
        var meter = transfer.Meter!;
        meter.Add(taken.Served, taken.Egress);
        if (!transfer.IsCovered(account.OpenedAt) && await ServedWhole(db, account, transfer, ct)) transfer.View(account.OpenedAt, now);
        transfer.CheckEgress(meter.Egress, now);
        if (await db.Leases.FirstOrDefaultAsync(l => l.Id == account.LeaseId, ct) is { } lease) db.Leases.Remove(lease);
    }, ct);

    /// <summary>
    /// A download may come in parts: within one open they are put together, and for the first view over all opens, since a download that
    /// is resumed under a fresh ticket is delivered all the same.
    /// </summary>
    private static async Task<bool> ServedWhole(StudiesDb db, StreamAccount account, Transfer transfer, CancellationToken ct)
    {
        var ticket = await db.Tickets.FirstOrDefaultAsync(t => t.Id == account.TicketId, ct);
        var underOpen = ticket?.Add(account.Meter.Served()) ?? account.Meter.Served();
        return account.Meter.ServedWhole
            || StreamMeter.HoldsWhole(underOpen, account.Index)
            || (transfer.Views == 0 && StreamMeter.HoldsWhole(transfer.Meter!.Intervals(), account.Index));
    }

    /// <summary>What cannot be stored stays in memory, and the lease covers it as the upper bound.</summary>
    private async Task Try(StreamAccount account, Func<StreamAccount, CancellationToken, Task> write)
    {
        try
        {
            await write(account, CancellationToken.None); // what was served counts also when nobody listens any more
        }
        catch (Exception e)
        {
            Log.MeterNotStored(log, account.TransferId, e.GetType().Name, e);
        }
    }

    private async Task Write(StreamAccount account, Func<StudiesDb, (IntervalSet Served, long Egress), Task> write, CancellationToken ct)
    {
        var taken = account.Meter.Take();
        try
        {
            await InTurn(account.TransferId, db => write(db, taken), ct);
        }
        catch
        {
            account.Meter.PutBack(taken);
            throw;
        }
    }

    private async Task InTurn(string transferId, Func<StudiesDb, Task> write, CancellationToken ct)
    {
        var turn = turns[(uint)transferId.GetHashCode(StringComparison.Ordinal) % Turns];
        await turn.WaitAsync(ct);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var db = scope.ServiceProvider.GetRequiredService<StudiesDb>();
            await db.Repeat(async () =>
            {
                await write(db);
                return true;
            }, ct);
        }
        finally
        {
            turn.Release();
        }
    }
}

/// <summary>The account of one running stream.</summary>
/// <param name="LeaseId">What it may serve.</param>
/// <param name="TicketId">The open it runs under.</param>
/// <param name="TransferId">What it serves.</param>
/// <param name="OpenedAt">When the ticket was issued.</param>
/// <param name="Index">Where the instances lie.</param>
/// <param name="Meter">What it has served.</param>
internal sealed record StreamAccount(
    string LeaseId, string TicketId, string TransferId, DateTimeOffset OpenedAt, StudyIndex Index, StreamMeter Meter);
