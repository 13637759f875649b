using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Metering;

/// <summary>
/// Stores what streams serve, and counts the views. Each write takes a database connection and returns it, so that no connection is
/// occupied while a slow client reads.
/// </summary>
internal sealed class StreamLedger(IServiceScopeFactory scopes, TimeProvider clock, ILogger<StreamLedger> log)
{
    private const int Turns = 64;
    private static readonly TimeSpan FlushPeriod = TimeSpan.FromSeconds(5); // well within a lease's lifetime

    /// <summary>
    /// Streams of one transfer on this host write one after the other, so that they do not conflict again and again. Between hosts the
    /// revision decides. Two transfers may share a semaphore, which costs milliseconds.
    /// </summary>
    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Turns).Select(_ => new SemaphoreSlim(1))];

    private readonly ConcurrentDictionary<StreamAccount, byte> running = new();

    /// <summary>The accounts of a transfer whose streams run on this host.</summary>
    public IReadOnlyList<StreamAccount> Of(string transferId) => [.. running.Keys.Where(a => a.TransferId == transferId)];

    /// <summary>Stores the lease of a stream, before its first byte.</summary>
    /// <exception cref="RefusedException">views_exhausted, too_many_pieces: it needs another view, or adds a piece too many.</exception>
    public async Task<StreamAccount> Begin(ServedTicket ticket, StreamPiece piece, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var account = ticket.Transfer.IsCovered(now)
            ? await InScope(db => StreamAdmission.AdmitCovered(db, ticket.TransferId, piece, now, ct))
            : await InTurn(ticket.TransferId, db => StreamAdmission.Admit(db, ticket, piece, clock, ct), ct);
        running.TryAdd(account, 0);
        return account;
    }

    /// <summary>Stores what was counted, every five seconds until the stream has ended.</summary>
    public async Task FlushPeriodically(StreamAccount account, CancellationToken ended)
    {
        while (true)
        {
            await Task.Delay(FlushPeriod, clock, ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (ended.IsCancellationRequested) return;
            await Flush(account);
        }
    }

    /// <summary>Moves what was counted so far into the meter, counts a view if one is due, and renews the lease.</summary>
    public Task Flush(StreamAccount account) => TryWrite(account, isOver: false);

    /// <summary>After the end of a stream: moves the rest into the meter, removes the lease, and checks for excess egress.</summary>
    public async Task Settle(StreamAccount account)
    {
        await TryWrite(account, isOver: true);
        running.TryRemove(account, out _);
        account.Closed.TrySetResult();
    }

    /// <summary>On failure the counts stay in memory, and the lease counts as the upper bound.</summary>
    private async Task TryWrite(StreamAccount account, bool isOver)
    {
        try
        {
            // Not cancelled: what was served counts even if the client has disconnected.
            await InTurn(account.TransferId, db => Write(db, account, isOver), CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.MeterNotStored(log, account.TransferId, e.GetType().Name, e);
        }
    }

    private async Task<bool> Write(StudiesDb db, StreamAccount account, bool isOver)
    {
        var part = account.Meter.Take();
        try
        {
            var viewAt = await db.ChangeWithRetry(() => Store(db, account, part, isOver), CancellationToken.None, alsoWhenTaken: true);
            account.Meter.ExpectViewAt(viewAt);
            return true;
        }
        catch
        {
            account.Meter.PutBack(part);
            throw;
        }
    }

    /// <summary>Stores a part, and the view that it may complete, in one save. Returns the position of the next view.</summary>
    private async Task<long> Store(StudiesDb db, StreamAccount account, StreamPart part, bool isOver)
    {
        var now = clock.GetUtcNow();
        var transfer = await db.Transfers.Include(t => t.Meter).FirstAsync(t => t.Id == account.TransferId);
        transfer.Meter!.Add(part.From, part.To, part.Egress);
        var viewAt = account.CountTowardsView(transfer, part, now);
        var lease = await db.Leases.FirstOrDefaultAsync(l => l.Id == account.LeaseId);
        if (!isOver)
        {
            lease?.Renew(part.Egress, now);
            return viewAt;
        }

        if (lease is not null) db.Leases.Remove(lease);
        if (!account.IsComplete && account.IsCovered(transfer) && !transfer.HasEnded(now))
            transfer.BreakOff(account.Piece.From, account.Meter.Position, account.Piece.To, now);
        transfer.CheckEgress(transfer.Meter.Egress, now);
        return viewAt;
    }

    private async Task<T> InTurn<T>(string transferId, Func<StudiesDb, Task<T>> write, CancellationToken ct)
    {
        var turn = turns[(uint)transferId.GetHashCode(StringComparison.Ordinal) % Turns];
        await turn.WaitAsync(ct);
        try
        {
            return await InScope(write);
        }
        finally
        {
            turn.Release();
        }
    }

    private async Task<T> InScope<T>(Func<StudiesDb, Task<T>> write)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await write(scope.ServiceProvider.GetRequiredService<StudiesDb>());
    }
}
