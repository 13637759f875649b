using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Sync;

/// <summary>
/// Imports n8n's list of credentials into the vault in batches, each in one transaction. The next call finishes an interrupted one, and the
/// second of two calls at once finds what the first has done. <see cref="SyncController"/> calls it. <see cref="SyncPlan"/> compares n8n's
/// list with the vault and with the last list, which the <see cref="N8nCopy"/> rows keep. <see cref="LeakScan"/> searches n8n's workflows
/// for leaked values: <see cref="WorkflowTexts"/> finds their texts and <see cref="LeakCandidates"/> splits these. A failing n8n ends the
/// call with the answer of <see cref="N8nRefusals"/>.
/// </summary>
internal sealed class Syncer(VaultDb db, N8nClient n8n, TimeProvider clock)
{
    private const int Batch = 200;
    private const int MaxAttempts = 5;
    private const int DefaultIntervalHours = 720;
    private const int DefaultOverlapMinutes = 60;
    private const int DefaultThresholdHours = 168;

    public async Task<SyncResponse> Sync(N8nAccess access, bool dryRun, CancellationToken ct)
    {
        var listed = await n8n.Credentials(access, ct);
        var plan = await Plan(access.OrganizationId, listed, ct);
        if (plan.Any(s => s.Listed is null))
        {
            // n8n pages by offset, so a credential that is deleted during the read can hide another one. An absence counts only when a
            // second read confirms it.
            var again = await n8n.Credentials(access, ct);
            listed = [.. listed.Concat(again).DistinctBy(l => l.Id)];
            plan = await Plan(access.OrganizationId, listed, ct);
        }

        if (dryRun) return Answer(listed.Count, plan, new Dictionary<string, string>(), dryRun: true);
        return await Execute(access.OrganizationId, listed, plan, ct);
    }

    private async Task<SyncResponse> Execute(
        string organizationId, IReadOnlyList<N8nCredential> listed, IReadOnlyList<SyncStep> plan, CancellationToken ct)
    {
        var done = new List<SyncStep>();
        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                foreach (var batch in plan.Chunk(Batch))
                {
                    var made = await Store(organizationId, batch, ct);
                    foreach (var (name, id) in made) ids[name] = id;
                    done.AddRange(batch);
                    db.ChangeTracker.Clear();
                }

                return Answer(listed.Count, done, ids, dryRun: false);
            }
            catch (DbUpdateException e)
                when (attempt < MaxAttempts && (e is DbUpdateConcurrencyException || e.IsUniqueViolation() || e.IsDeadlock()))
            {
                db.ChangeTracker.Clear(); // someone else changed some of the rows first: plan the rest again
                plan = await Plan(organizationId, listed, ct);
            }
        }
    }

    private async Task<IReadOnlyList<SyncStep>> Plan(string organizationId, IReadOnlyList<N8nCredential> listed, CancellationToken ct)
    {
        var known = await db.Credentials.AsNoTracking().Where(c => c.OrganizationId == organizationId && c.ProviderCredentialId != null)
            .Select(c => new KnownCredential(
                c.Id, c.Name, c.Provider, c.ProviderCredentialId!, c.CredentialType, c.Description, c.IsRetired)).ToListAsync(ct);
        var seen = await db.N8nCopies.AsNoTracking().Where(c => c.OrganizationId == organizationId)
            .Select(c => new SeenCopy(c.ProviderCredentialId, c.CredentialId, c.Name, c.Type, c.MissingSince != null)).ToListAsync(ct);
        var mapped = known.Select(k => k.ProviderCredentialId).ToHashSet(StringComparer.Ordinal);
        var taken = new HashSet<string>(StringComparer.Ordinal);
        foreach (var chunk in listed.Where(l => !mapped.Contains(l.Id)).Chunk(Batch))
        {
            var names = chunk.SelectMany(l => CredentialSlug.Choices(l.Name, l.Id)).Distinct().ToList();
            taken.UnionWith(await db.Credentials.Where(c => c.OrganizationId == organizationId && names.Contains(c.Name))
                .Select(c => c.Name).ToListAsync(ct));
        }

        return SyncPlan.Make(listed, known, seen, name => !taken.Contains(name));
    }

    /// <returns>The names and ids of the new credentials.</returns>
    private async Task<List<(string Name, string Id)>> Store(string organizationId, SyncStep[] steps, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var (n8nIds, credentialIds) =
            (steps.Select(s => s.ProviderCredentialId).ToList(), steps.Select(s => s.Credential?.Id).OfType<string>().ToList());
        var copies = await db.N8nCopies.Where(c => c.OrganizationId == organizationId && n8nIds.Contains(c.ProviderCredentialId))
            .ToDictionaryAsync(c => c.ProviderCredentialId, ct);
        var credentials = await db.Credentials.Where(c => c.OrganizationId == organizationId && credentialIds.Contains(c.Id))
            .ToDictionaryAsync(c => c.Id, ct);
        var made = new List<(string Name, string Id)>();
        foreach (var step in steps)
        {
            var credential = step.Credential is { } known ? credentials[known.Id] : Register(organizationId, step, now);
            if (step.Credential is null) made.Add((credential.Name, credential.Id));
            else Follow(credential, step, now);
            if (step.Changes.Count > 0) credential.NoteSynced(step.Changes);
            if (!copies.TryGetValue(step.ProviderCredentialId, out var copy))
                db.N8nCopies.Add(copy = N8nCopy.Begin(Ids.New("copy", now), organizationId, step.ProviderCredentialId));
            if (step.Listed is { } listed) copy.MarkListed(credential.Id, listed);
            else copy.MarkMissing(credential.Id, now);
        }

        await using var transaction = await db.Database.BeginTransactionAsync(ct);
        await db.SaveChangesAsync(ct);
        if (made.Count > 0) await db.Count(organizationId, made.Count, ct);
        await transaction.CommitAsync(ct);
        return made;
    }

    private Credential Register(string organizationId, SyncStep step, DateTimeOffset now)
    {
        var listed = step.Listed!;
        var plan = new RotationPlan(Enabled: false, RotationStrategy.Manual, DefaultIntervalHours, Cron: null, DefaultOverlapMinutes);
        var facts = new CredentialFacts(
            SyncPlan.TypeOf(listed.Type), N8nAccess.Kind, DescriptionOf(listed), listed.Id, [], "{}", "{}", HasSealedConfig: false,
            ExpiresAt: null, DefaultThresholdHours, plan);
        var credential = Credential.Register(Ids.New("cred", now), organizationId, step.Name, facts, now);
        db.Credentials.Add(credential);
        return credential;
    }

    /// <summary>Applies changes of n8n to members that were not changed here.</summary>
    private static void Follow(Credential credential, SyncStep step, DateTimeOffset now)
    {
        if (credential.IsRetired || step.Listed is not { } listed) return;
        var facts = credential.Facts with { HasSealedConfig = false };
        if (step.Changes.Contains(SyncPlan.Description)) facts = facts with { Description = DescriptionOf(listed) };
        if (step.Changes.Contains(SyncPlan.Type)) facts = facts with { CredentialType = SyncPlan.TypeOf(listed.Type) };
        credential.Update(facts, now);
    }

    private static string? DescriptionOf(N8nCredential listed) => CredentialRules.IsText(listed.Name) ? listed.Name : null;

    private SyncResponse Answer(int synced, IReadOnlyList<SyncStep> steps, Dictionary<string, string> ids, bool dryRun) => new(
        synced,
        steps.Where(s => s.Credential is null).Select(s => new NewCredential(s.Name, ids.GetValueOrDefault(s.Name)))
            .OrderBy(n => n.Name, StringComparer.Ordinal).ToList(),
        steps.Where(s => s.Credential is not null && s.Changes.Count > 0).Select(s => new ChangedCredential(s.Name, s.Changes))
            .OrderBy(c => c.Name, StringComparer.Ordinal).ToList(),
        clock.GetUtcNow(), dryRun);
}
