using System.Security.Cryptography;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Serving;
using Aegis.Studies.Metering;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Serving;

/// <summary>
/// Sends a range of a study: lease and audit entry first, then bytes, then the account. It can be cut at any moment, and holds neither a
/// database connection nor a lock while the client reads.
/// </summary>
internal sealed class ContentStreams(SealedContent contents, LiveStreams live, StreamBook book, StreamAudit audit, ILogger<ContentStreams> log)
{
    public async Task Send(ServedTicket ticket, ByteRange range, HttpContext context)
    {
        using var reader = await Open(ticket, context);
        var archive = new StudyArchive(reader.Index);
        using var stream = new LiveStream(ticket.TransferId, ticket.CredentialId, ticket.Transfer.WindowEnd, context.Abort);
        live.Add(stream); // before the first byte, so that none runs unwatched
        try
        {
            var (from, to) = (archive.PayloadBefore(range.From), archive.PayloadBefore(range.To));
            var account = await book.Begin(ticket, reader.Index, from, to, range.Length, context.RequestAborted);
            try
            {
                await audit.Began(ticket, range, context);
                await CopyAudited(archive, range, reader, account, ticket, stream, context);
            }
            finally
            {
                await book.Settle(account);
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
        catch (Exception e) when (IsUnreadable(e))
        {
            Log.ContentUnreadable(log, ticket.TransferId, e.GetType().Name, e);
            await audit.Unreadable(ticket, context);
            throw Refuse.Unavailable("content_unreadable", "The stored study cannot be read, so nothing of it is served. Tell the operator; the provider can send it again.");
        }
    }

    private static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or ContentCorruptException or CryptographicException;

    private async Task CopyAudited(
        StudyArchive archive, ByteRange range, SealedStudyReader reader, StreamAccount account, ServedTicket ticket, LiveStream stream, HttpContext context)
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
        catch (Exception e) when (IsUnreadable(e))
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
        var keeping = book.Keep(account, over.Token);
        var viewing = Task.CompletedTask;
        var viewed = false;
        try
        {
            await archive.Copy(range.From, range.To, reader, body, slice =>
            {
                account.Meter.Count(slice);
                if (viewed || !account.Meter.ServedWhole) return;
                viewed = true;
                viewing = Task.Run(() => book.View(account, CancellationToken.None), CancellationToken.None);
            }, ct);
        }
        finally
        {
            await over.CancelAsync();
            await keeping;
            await viewing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // settling counts a view that could not be stored now
        }
    }
}
