using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Kernel.Auditing;

namespace Aegis.Tests.App;

/// <summary>Reads the audit entries of raised events, pending or already in the log.</summary>
public static class Happenings
{
    /// <summary>Returns the events whose entry contains this text, in order.</summary>
    public static async Task<List<AuditFact>> Happened(this AegisApp app, string text) =>
        [.. (await app.EventBodies()).Where(b => b.Contains(text, StringComparison.Ordinal))
            .Select(b => AuditFact.FromBytes(System.Text.Encoding.UTF8.GetBytes(b)))
            .OrderBy(f => f.Id, StringComparer.Ordinal)];

    /// <summary>Returns the names of events whose entry contains this text and whose name has this prefix, in order.</summary>
    public static async Task<List<string>> NamesOf(this AegisApp app, string text, string prefix = "") =>
        [.. (await app.Happened(text)).Select(f => f.Action).Where(a => a.StartsWith(prefix, StringComparison.Ordinal))];

    /// <summary>Returns the stored entries of all events.</summary>
    public static async Task<List<string>> EventBodies(this AegisApp app)
    {
        // Pending first, so that an entry that is sequenced between the two queries is found in the log.
        var pending = await app.Use<KernelDb, List<byte[]>>(db => db.Set<AuditPendingRow>().Select(p => p.Body).ToListAsync());
        var placed = await app.Use<AuditDb, List<byte[]>>(db => db.Set<LogEntry>().Select(e => e.Body).ToListAsync());
        return [.. pending.Concat(placed).Select(System.Text.Encoding.UTF8.GetString).Distinct(StringComparer.Ordinal)
            .Where(b => b.Contains($"\"kind\":\"{AuditFact.Event}\"", StringComparison.Ordinal))];
    }
}
