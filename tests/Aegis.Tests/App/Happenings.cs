using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Kernel.Auditing;

namespace Aegis.Tests.App;

/// <summary>Reads what was announced, from the entries that stand in the transaction of each change, sequenced or not.</summary>
public static class Happenings
{
    /// <summary>The events whose entry holds this text, in their order.</summary>
    public static async Task<List<AuditFact>> Happened(this AegisApp app, string text) =>
        [.. (await app.EventBodies()).Where(b => b.Contains(text, StringComparison.Ordinal))
            .Select(b => AuditFact.FromBytes(System.Text.Encoding.UTF8.GetBytes(b)))
            .OrderBy(f => f.Id, StringComparer.Ordinal)];

    /// <summary>The names of the events whose entry holds this text and whose name begins so, in their order.</summary>
    public static async Task<List<string>> NamesOf(this AegisApp app, string text, string beginning = "") =>
        [.. (await app.Happened(text)).Select(f => f.Action).Where(a => a.StartsWith(beginning, StringComparison.Ordinal))];

    /// <summary>The entries of all events as they are stored.</summary>
    public static async Task<List<string>> EventBodies(this AegisApp app)
    {
        // Pending first: what is sequenced meanwhile is then found in the log.
        var pending = await app.Use<KernelDb, List<byte[]>>(db => db.Set<AuditPendingRow>().Select(p => p.Body).ToListAsync());
        var placed = await app.Use<AuditDb, List<byte[]>>(db => db.Set<LogEntry>().Select(e => e.Body).ToListAsync());
        return [.. pending.Concat(placed).Select(System.Text.Encoding.UTF8.GetString).Distinct(StringComparer.Ordinal)
            .Where(b => b.Contains($"\"kind\":\"{AuditFact.Event}\"", StringComparison.Ordinal))];
    }
}
