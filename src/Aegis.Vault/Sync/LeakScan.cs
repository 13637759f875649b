namespace Aegis.Vault.Sync;

/// <summary>Searches n8n's workflows for values of the vault by keyed fingerprints: no value is opened or returned.</summary>
internal sealed class LeakScan(VaultDb db, N8nClient n8n, CredentialSeal seal, TimeProvider clock)
{
    private const int MaxWorkflows = 500;
    private const int MaxMatches = 1000;
    private const int Batch = 500; // fingerprints in one query
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(25); // shorter than the timeout of common proxies

    private readonly Dictionary<string, List<TextLocation>> waiting = new(StringComparer.Ordinal);
    private readonly List<ScanMatch> matches = [];

    /// <param name="access">How to reach n8n.</param>
    /// <param name="cursor">Where to continue, or null.</param>
    /// <param name="ct">Stops the scan.</param>
    public async Task<ScanResponse> Run(N8nAccess access, string? cursor, CancellationToken ct)
    {
        var began = clock.GetTimestamp();
        var (workflows, texts) = (0, 0);
        do
        {
            var page = await n8n.Workflows(access, cursor, ct);
            foreach (var workflow in page.Items)
            {
                var id = N8nJson.Id(workflow);
                foreach (var text in WorkflowTexts.Of(workflow))
                {
                    texts++;
                    foreach (var candidate in LeakCandidates.Of(text.Text))
                        await AddCandidate(access.OrganizationId, candidate, new TextLocation(id, text.Node, text.Path), ct);
                }
            }

            workflows += page.Items.Count;
            cursor = page.Next;
        }
        while (cursor is not null && workflows < MaxWorkflows && matches.Count < MaxMatches && clock.GetElapsedTime(began) < Budget);

        await FindMatches(access.OrganizationId, ct);
        var found = matches.Distinct().OrderBy(m => m.WorkflowId, StringComparer.Ordinal).ThenBy(m => m.Path, StringComparer.Ordinal)
            .ThenBy(m => m.Credential, StringComparer.Ordinal).ThenBy(m => m.Version).ToList();
        return new ScanResponse(workflows, texts, found, cursor is null && matches.Count < MaxMatches, cursor, clock.GetUtcNow());
    }

    private async Task AddCandidate(string organizationId, string candidate, TextLocation location, CancellationToken ct)
    {
        var fingerprint = seal.Fingerprint(organizationId, candidate);
        if (!waiting.TryGetValue(fingerprint, out var locations)) waiting[fingerprint] = locations = [];
        if (locations.Count < MaxMatches) locations.Add(location);
        if (waiting.Count >= Batch) await FindMatches(organizationId, ct);
    }

    private async Task FindMatches(string organizationId, CancellationToken ct)
    {
        var fingerprints = waiting.Keys.ToList();
        if (fingerprints.Count == 0) return;
        var found = await (
            from v in db.Versions.AsNoTracking()
            where v.OrganizationId == organizationId && fingerprints.Contains(v.Fingerprint)
            join c in db.Credentials.AsNoTracking() on v.CredentialId equals c.Id
            orderby c.Name, v.Version
            select new { v.Fingerprint, c.Name, v.Version, IsCurrent = v.Version == c.CurrentVersion }).Take(MaxMatches).ToListAsync(ct);
        foreach (var hit in found.TakeWhile(_ => matches.Count < MaxMatches))
            matches.AddRange(
                waiting[hit.Fingerprint].Select(p => new ScanMatch(hit.Name, hit.Version, hit.IsCurrent, p.WorkflowId, p.Node, p.Path)));
        waiting.Clear();
    }

    private sealed record TextLocation(string WorkflowId, string? Node, string Path);
}
