using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Options;

namespace Aegis.Audit.Trail;

/// <summary>The range of an export.</summary>
/// <param name="Filter">Selects the entries.</param>
/// <param name="Begin">Where the export starts.</param>
/// <param name="Last">The last sequence to export.</param>
internal sealed record ExportRange(AuditFilter Filter, TrailCursor Begin, long Last);

/// <summary>
/// Sends entries in batches, so memory does not grow with their number and no database connection is held while the client reads. The
/// export either completes or breaks the connection.
/// </summary>
internal sealed class TrailExport(
    TrailReader trail, ExportAudit audit, KeyWatch watch, IOptions<JsonOptions> json, ILogger<TrailExport> log)
{
    public const string Complete = "complete";
    public const string ContentType = "application/x-ndjson";

    private const int Batch = 500; // a few hundred kilobytes

    public async Task Send(ExportRange range, Caller caller, HttpContext context)
    {
        context.Response.ContentType = ContentType;
        await audit.Began(range.Filter, context);

        using var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted);
        var watching = watch.Watch(caller, context, end.Token);
        var (entries, how) = (0L, "interrupted");
        try
        {
            await foreach (var items in Batches(range, caller, end.Token))
            {
                await Write(items, context.Response.BodyWriter, end.Token);
                entries += items.Count;
            }

            how = Complete;
        }
        catch (Exception e) when (e is OperationCanceledException || context.RequestAborted.IsCancellationRequested)
        {
            Log.ExportCut(log, entries, e.GetType().Name); // the client disconnected or was cut off
        }
        finally
        {
            await end.CancelAsync();
            if (await watching) how = "key_revoked";
            await audit.Ended(entries, how, context);
            if (how != Complete && context.Response.HasStarted) context.Abort();
        }
    }

    private async IAsyncEnumerable<List<AuditItem>> Batches(ExportRange range, Caller caller, [EnumeratorCancellation] CancellationToken ct)
    {
        for (var at = range.Begin; at is not null;)
        {
            var piece = await trail.Find(caller.OrganizationId, range.Filter, at, Batch, range.Last, ct);
            yield return await trail.Load(caller, piece.Positions, ct);
            at = piece.End is { } end ? TrailCursor.NewerThan(end) : null;
        }
    }

    private async Task Write(List<AuditItem> items, PipeWriter body, CancellationToken ct)
    {
        await using var line = new Utf8JsonWriter(body, new JsonWriterOptions { SkipValidation = true });
        foreach (var item in items)
        {
            JsonSerializer.Serialize(line, item, json.Value.JsonSerializerOptions);
            line.Flush();
            line.Reset();
            body.GetSpan(1)[0] = (byte)'\n';
            body.Advance(1);
        }

        var flushed = await body.FlushAsync(ct); // waits for a slow client
        if (flushed.IsCompleted || flushed.IsCanceled) throw new OperationCanceledException("The client disconnected.");
    }
}
