namespace Aegis.Vault.Sync;

/// <summary>The facts about a credential of the vault that a comparison needs.</summary>
internal sealed record KnownCredential(
    string Id, string Name, string Provider, string ProviderCredentialId, string Type, string? Description, bool IsRetired);

/// <summary>What n8n listed of a credential in the last comparison.</summary>
internal sealed record SeenCopy(string ProviderCredentialId, string CredentialId, string? Name, string? Type, bool IsMissing);

/// <summary>One change of a comparison.</summary>
/// <param name="ProviderCredentialId">n8n's id.</param>
/// <param name="Listed">What n8n lists, or null when it lists nothing.</param>
/// <param name="Credential">The vault's credential, or null when one is to be registered.</param>
/// <param name="Name">Name of the credential in the vault.</param>
/// <param name="Changes">The changes to report; empty when only the stored list changes.</param>
internal sealed record SyncStep(
    string ProviderCredentialId, N8nCredential? Listed, KnownCredential? Credential, string Name, IReadOnlyList<string> Changes);

/// <summary>
/// Compares n8n's list with the vault. It matches by n8n's id, because names are not unique there, and never retires a credential.
/// </summary>
internal static class SyncPlan
{
    public const string Description = "description";
    public const string Type = "credential_type";

    /// <param name="listed">What n8n lists.</param>
    /// <param name="known">The vault's credentials that have an id of n8n. It includes retired ones, so that they are not imported
    /// again.</param>
    /// <param name="seen">What the last comparison listed.</param>
    /// <param name="isFree">Whether a name is free.</param>
    public static IReadOnlyList<SyncStep> Make(
        IReadOnlyList<N8nCredential> listed, IReadOnlyList<KnownCredential> known, IReadOnlyList<SeenCopy> seen, Func<string, bool> isFree)
    {
        var owners = known.GroupBy(k => k.ProviderCredentialId, StringComparer.Ordinal).ToDictionary(
            g => g.Key,
            g => g.OrderBy(k => k.IsRetired).ThenBy(k => k.Provider != N8nAccess.Kind).ThenBy(k => k.Id, StringComparer.Ordinal).First(),
            StringComparer.Ordinal);
        var seenById = seen.ToDictionary(s => s.ProviderCredentialId, StringComparer.Ordinal);
        var steps = new List<SyncStep>();
        var given = new HashSet<string>(StringComparer.Ordinal);
        foreach (var one in listed.OrderBy(l => l.Id, StringComparer.Ordinal))
        {
            var before = seenById.GetValueOrDefault(one.Id);
            if (!owners.TryGetValue(one.Id, out var owner))
                steps.Add(new SyncStep(one.Id, one, null, Choose(one, name => isFree(name) && given.Add(name)), ["new"]));
            else if (before is null || before.CredentialId != owner.Id || before.IsMissing || before.Name != one.Name
                || before.Type != one.Type)
                steps.Add(new SyncStep(one.Id, one, owner, owner.Name, owner.IsRetired ? [] : Changes(one, owner, before)));
        }

        var present = listed.Select(l => l.Id).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(
            from owner in owners.Values
            where !owner.IsRetired && !present.Contains(owner.ProviderCredentialId)
            let before = seenById.GetValueOrDefault(owner.ProviderCredentialId)
            // ids of other providers need not be ids of n8n
            where before is { IsMissing: false } || (before is null && owner.Provider == N8nAccess.Kind)
            orderby owner.Id
            select new SyncStep(owner.ProviderCredentialId, null, owner, owner.Name, ["missing"]));
        return steps;
    }

    private static string Choose(N8nCredential one, Func<string, bool> take)
    {
        var choices = CredentialSlug.Choices(one.Name, one.Id);
        return choices.FirstOrDefault(take) ?? $"{choices[^1]}-2";
    }

    private static List<string> Changes(N8nCredential now, KnownCredential owner, SeenCopy? before)
    {
        var changes = new List<string>();
        if (before is { IsMissing: true }) changes.Add("found");
        if (before?.Name is { } name && name != now.Name) changes.Add(owner.Description == name ? Description : "name");
        if (before?.Type is { } type && type != now.Type)
            changes.Add(owner.Provider == N8nAccess.Kind && owner.Type == TypeOf(type) ? Type : "type");
        return changes;
    }

    /// <summary>n8n's type as a <c>credential_type</c>.</summary>
    public static string TypeOf(string type) => Credentials.CredentialRules.IsType(type) ? type : N8nAccess.Kind;
}
