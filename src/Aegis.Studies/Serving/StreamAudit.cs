using System.Text.Json;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Serving;

/// <summary>Writes the audit entries of content calls: one before the first byte, one after the last. None contains the ticket.</summary>
internal sealed class StreamAudit(IAuditTrail trail, TimeProvider clock, ILogger<StreamAudit> log)
{
    private const string Route = "/v1/content/{ticket}";

    /// <summary>Records an answer without content.</summary>
    public Task Answered(ServedTicket ticket, int status, HttpContext context) =>
        trail.Write(Entry(ticket, AuditFact.Success, context, ("phase", "answer"), ("status", status)), context.RequestAborted);

    /// <summary>Records that the content could not be read. Both parties see it in the audit log of the transfer.</summary>
    public Task Unreadable(ServedTicket ticket, HttpContext context) => trail.Write(
        Entry(ticket, AuditFact.Failed, context, ("phase", "answer"), ("status", StatusCodes.Status503ServiceUnavailable),
            ("how", "unreadable")), CancellationToken.None);

    /// <summary>Records the start. No byte is sent without this entry.</summary>
    public Task Began(ServedTicket ticket, ByteRange range, HttpContext context) => trail.Write(
        Entry(ticket, AuditFact.Success, context, ("phase", "begin"), ("status", context.Response.StatusCode), ("from", range.From),
            ("to", range.To)),
        CancellationToken.None); // not cancelled when the client disconnects, so that each begin has its end

    public async Task Ended(ServedTicket ticket, long bytes, string how, HttpContext context)
    {
        var outcome = how == "complete" ? AuditFact.Success : AuditFact.Failed;
        try
        {
            await trail.Write(Entry(ticket, outcome, context, ("phase", "end"), ("bytes", bytes), ("how", how)), CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.StreamEndNotAudited(log, ticket.TransferId, bytes, e); // the bytes are sent; the begin entry and the meter record them
        }
    }

    private AuditFact Entry(
        ServedTicket ticket, string outcome, HttpContext context, params ReadOnlySpan<(string Name, object Value)> details)
    {
        var now = clock.GetUtcNow();
        var facts = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in details) facts[name] = JsonSerializer.SerializeToElement(value);
        return new AuditFact(
            Ids.New("log", now), now, AuditFact.Call, $"{context.Request.Method} {Route}", ticket.TransferId, outcome, null,
            [ticket.Transfer.ConsumerId, ticket.Transfer.ProviderId], AuditActor.Of(context), facts);
    }
}
