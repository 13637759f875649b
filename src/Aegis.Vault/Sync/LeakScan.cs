namespace Aegis.Vault.Sync;

/// <summary>Looks for values of the vault in n8n's workflows, by keyed fingerprints: no value is opened, and none is told.</summary>
internal sealed class LeakScan(VaultDb db, N8nClient n8n, CredentialSeal seal, TimeProvider clock)
{
    private const int MaxWorkflows = 500;
    private const int MaxMatches = 1000;
    private const int Batch = 500; // fingerprints that are asked for at once
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(25); // below what proxies wait for an answer

    private readonly Dictionary<string, List<Place>> waiting = new(StringComparer.Ordinal);
    private readonly List<ScanMatch> matches = [];

    /// <param name="access">Whose n8n.</param>
    /// <param name="cursor">Where to go on, or null.</param>
    /// <param name="ct">Stops.</param>
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
                        await Look(access.OrganizationId, candidate, new Place(id, text.Node, text.Path), ct);
                }
            }

            workflows += page.Items.Count;
            cursor = page.Next;
        }
        while (cursor is not null && workflows < MaxWorkflows && matches.Count < MaxMatches && clock.GetElapsedTime(began) < Budget);

        await Ask(access.OrganizationId, ct);
        var found = matches.Distinct().OrderBy(m => m.WorkflowId, StringComparer.Ordinal).ThenBy(m => m.Path, StringComparer.Ordinal)
            .ThenBy(m => m.Credential, StringComparer.Ordinal).ThenBy(m => m.Version).ToList();
        return new ScanResponse(workflows, texts, found, cursor is null && matches.Count < MaxMatches, cursor, clock.GetUtcNow());
    }

    private async Task Look(string organizationId, string candidate, Place place, CancellationToken ct)
    {
        var fingerprint = seal.Fingerprint(organizationId, candidate);
        if (!waiting.TryGetValue(fingerprint, out var places)) waiting[fingerprint] = places = [];
        if (places.Count < MaxMatches) places.Add(place);
        if (waiting.Count >= Batch) await Ask(organizationId, ct);
    }

    private async Task Ask(string organizationId, CancellationToken ct)
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

    private sealed record Place(string WorkflowId, string? Node, string Path);
}
