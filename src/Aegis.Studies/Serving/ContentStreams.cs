namespace Aegis.Studies.Serving;

/// <summary>
/// Sends a range of a study: first the lease and the audit entry, then the bytes, then the final count. It can be cut at any moment, and
/// keeps no database connection or lock while the client reads.
/// </summary>
/// <remarks>
/// How a download is served: <see cref="ContentController"/> gets the request, and <see cref="TicketCheck"/> decides whether its ticket is
/// valid. <see cref="SealedContent"/> opens the file. <see cref="LiveStreams"/> lists the running streams of this host, and
/// <see cref="CutStreams"/> and <see cref="RevokeTickets"/> cut those whose right has ended. <see cref="StreamAudit"/> writes one audit
/// entry before the first byte and one after the last. <see cref="ClientBody"/> notices a client that disconnects. A cut, a client that
/// leaves, and a damaged file all break the connection; what was sent until then is counted.
/// </remarks>
internal sealed class ContentStreams(
    SealedContent contents, LiveStreams live, StreamLedger ledger, StreamAudit audit, ILogger<ContentStreams> log)
{
    public async Task Send(ServedTicket ticket, ByteRange range, HttpContext context)
    {
        using var reader = await Open(ticket, context);
        var archive = new StudyArchive(reader.Index);
        using var stream = new LiveStream(ticket.TransferId, ticket.CredentialId, ticket.Transfer.WindowEnd, context.Abort);
        live.Add(stream); // before the first byte, so that every stream can be cut
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
            // The client disconnected or the stream was cut. In both cases the connection is broken and what was served counts.
        }
        catch (Exception e) when (SealedContent.IsUnreadable(e))
        {
            // No byte of the damaged chunk was sent. The broken connection tells the client that the download is incomplete.
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
        using var ended = new CancellationTokenSource();
        var flushing = ledger.FlushPeriodically(account, ended.Token);
        var viewing = Task.CompletedTask;
        try
        {
            await archive.Copy(range.From, range.To, reader, body, slice =>
            {
                // A view is stored at once. A second view of this stream is stored after the first.
                if (account.Meter.Count(slice)) viewing = viewing.ContinueWith(_ => ledger.Flush(account), TaskScheduler.Default).Unwrap();
            }, ct);
        }
        finally
        {
            await ended.CancelAsync();
            await flushing;
            await viewing; // if a view could not be stored now, settling counts it
        }
    }
}
