namespace Aegis.Studies.Serving;

/// <summary>
/// Sends a range of a study: lease and audit entry first, then bytes, then the account. It can be cut at any moment, and holds neither a
/// database connection nor a lock while the client reads.
/// </summary>
internal sealed class ContentStreams(
    SealedContent contents, LiveStreams live, StreamLedger ledger, StreamAudit audit, ILogger<ContentStreams> log)
{
    public async Task Send(ServedTicket ticket, ByteRange range, HttpContext context)
    {
        using var reader = await Open(ticket, context);
        var archive = new StudyArchive(reader.Index);
        using var stream = new LiveStream(ticket.TransferId, ticket.CredentialId, ticket.Transfer.WindowEnd, context.Abort);
        live.Add(stream); // before the first byte, so that none runs unwatched
        try
        {
            var piece = new StreamPiece(archive.PayloadBefore(range.From), archive.PayloadBefore(range.To), range.Length, range.IsPartial);
            var account = await ledger.Begin(ticket, piece, context.RequestAborted);
            try
            {
                await audit.Began(ticket, range, context);
                await CopyAudited(archive, range, reader, account, ticket, stream, context);
            }
            finally
            {
                await ledger.Settle(account);
            }
        }
        finally
        {
            live.Remove(stream);
        }
    }

    private async Task<SealedStudyReader> Open(ServedTicket ticket, HttpContext context)
    {
        try
        {
            return contents.Open(ticket.Transfer);
        }
        catch (Exception e) when (SealedContent.IsUnreadable(e))
        {
            Log.ContentUnreadable(log, ticket.TransferId, e.GetType().Name, e);
            await audit.Unreadable(ticket, context);
            throw SealedContent.Unreadable();
        }
    }

    private async Task CopyAudited(
        StudyArchive archive, ByteRange range, SealedStudyReader reader, StreamAccount account, ServedTicket ticket, LiveStream stream,
        HttpContext context)
    {
        var finished = false;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, stream.Token);
        try
        {
            var body = new ClientBody(context.Response.BodyWriter, gone: end.Cancel);
            await Copy(archive, range, reader, account, body, end.Token);
            finished = !body.IsGone;
        }
        catch (OperationCanceledException) when (end.IsCancellationRequested)
        {
            // The client went away or the stream was cut; either way the connection is broken and what was served counts.
        }
        catch (Exception e) when (SealedContent.IsUnreadable(e))
        {
            // Nothing of a damaged piece was sent; the broken connection tells the client that it has not got all.
            Log.ContentUnreadable(log, ticket.TransferId, e.GetType().Name, e);
            stream.Cut("unreadable");
        }
        finally
        {
            await audit.Ended(ticket, account.Meter.Egress, finished ? "complete" : stream.CutBecause ?? "interrupted", context);
        }
    }

    private async Task Copy(
        StudyArchive archive, ByteRange range, SealedStudyReader reader, StreamAccount account, Stream body, CancellationToken ct)
    {
        using var over = new CancellationTokenSource();
        var keeping = ledger.Keep(account, over.Token);
        var viewing = Task.CompletedTask;
        try
        {
            await archive.Copy(range.From, range.To, reader, body, slice =>
            {
                // A view is stored at once; the next one of this stream, if there is one, after the last.
                if (account.Meter.Count(slice)) viewing = viewing.ContinueWith(_ => ledger.Flush(account), TaskScheduler.Default).Unwrap();
            }, ct);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
            await viewing; // settling counts a view that could not be stored now
        }
    }
}
