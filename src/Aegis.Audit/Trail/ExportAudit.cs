namespace Aegis.Audit.Trail;

/// <summary>The audit entries of exports: one before the first byte, one after the last.</summary>
internal sealed class ExportAudit(IAuditTrail trail, TimeProvider clock, ILogger<ExportAudit> log)
{
    private const string Route = "GET /v1/audit/export";

    /// <summary>
    /// Records the start. Without this entry nothing is sent. It contains the names of filters, but not their values, which callers choose
    /// freely.
    /// </summary>
    public Task Began(AuditFilter filter, HttpContext context) => trail.Write(
        // not cancelled when the client disconnects, so that every begin entry gets an end entry
        Entry(AuditFact.Success, context, ("phase", "begin"), ("filters", filter.Names)), CancellationToken.None);

    public async Task Ended(long entries, string how, HttpContext context)
    {
        var outcome = how == TrailExport.Complete ? AuditFact.Success : AuditFact.Failed;
        try
        {
            await trail.Write(Entry(outcome, context, ("phase", "end"), ("entries", entries), ("how", how)), CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.ExportEndNotAudited(log, entries, e); // the lines are already sent; the begin entry remains
        }
    }

    private AuditFact Entry(string outcome, HttpContext context, params ReadOnlySpan<(string Name, object Value)> details)
    {
        var (now, actor) = (clock.GetUtcNow(), AuditActor.Of(context)!);
        var facts = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in details) facts[name] = JsonSerializer.SerializeToElement(value);
        return new AuditFact(Ids.New("log", now), now, AuditFact.Call, Route, null, outcome, null, [actor.Organization], actor, facts);
    }
}
