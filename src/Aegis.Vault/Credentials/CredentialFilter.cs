using Aegis.Kernel.Json;
using Aegis.Kernel.Web.Lists;

namespace Aegis.Vault.Credentials;

/// <summary>The filter of a list. All parts must match.</summary>
/// <param name="Status"><c>active</c>, <c>expiring</c>, <c>expired</c> or <c>retired</c>; by default all but retired ones.</param>
/// <param name="Provider">The name of a provider, as <c>GET /v1/vault/providers</c> lists them.</param>
/// <param name="Type">A credential type; case-sensitive.</param>
/// <param name="Tag">A tag; case-sensitive.</param>
/// <param name="Limit">1 to 200, default 100.</param>
/// <param name="Offset">Skips this many: 0 to 10000. Use <c>cursor</c> for a list that changes while you read it.</param>
/// <param name="Cursor">The <c>next_cursor</c> of the previous page; not together with <c>offset</c>.</param>
internal sealed record CredentialFilter(
    string? Status = null, string? Provider = null, string? Type = null, string? Tag = null, int? Limit = null, int? Offset = null,
    string? Cursor = null)
{
    public const int DefaultLimit = 100;
    public const int MaxLimit = 200;
    public const int MaxOffset = 10_000;

    internal bool IsEmpty => Status is null && Provider is null && Type is null && Tag is null;

    /// <summary>
    /// The credentials after the previous page. The order is by name, so credentials that are added or retired between pages shift nothing.
    /// </summary>
    public IQueryable<Credential> AfterCursor(IQueryable<Credential> found)
    {
        if (new PageQuery(Cursor: Cursor).After() is not { } after) return found;
        return EndsSoon
            ? found.Where(c => string.Compare(string.Concat(c.Name, ""), after) > 0)
            : found.Where(c => string.Compare(c.Name, after) > 0);
    }

    /// <summary>
    /// Sorts by name. Credentials with an expiry are few and are found by the index on it, so they are sorted afterwards. Sorting by the
    /// plain column would make SQLite walk through all names to find them.
    /// </summary>
    public IOrderedQueryable<Credential> Sort(IQueryable<Credential> found) =>
        EndsSoon ? found.OrderBy(c => string.Concat(c.Name, "")) : found.OrderBy(c => c.Name);

    private bool EndsSoon => Status is "expiring" or "expired";

    public IQueryable<Credential> Match(IQueryable<Credential> credentials, DateTimeOffset now)
    {
        credentials = Status is null ? credentials.InUse() : credentials.InStatus(WireWords.Find<CredentialStatus>(Status)!.Value, now);
        if (Provider is not null) credentials = credentials.Where(c => c.Provider == Provider);
        if (Type is not null) credentials = credentials.Where(c => c.CredentialType == Type);
        if (Tag is not null) credentials = credentials.Where(c => c.Tags.Contains(Tag));
        return credentials;
    }
}

internal sealed class CredentialFilterValidator : AbstractValidator<CredentialFilter>
{
    public CredentialFilterValidator(ProviderCatalogue providers)
    {
        RuleFor(x => x.Status).Must(s => s is null || WireWords.Find<CredentialStatus>(s) is not null)
            .WithMessage($"status must be one of {WireWords.List<CredentialStatus>()}.");
        RuleFor(x => x.Provider).Must(p => p is null || providers.Find(p) is not null)
            .WithMessage($"provider must be one of {string.Join(", ", providers.Names)}.");
        RuleFor(x => x.Type).Must(t => t is null || CredentialRules.IsType(t)).WithMessage($"type must be {CredentialRules.TypeRule}.");
        RuleFor(x => x.Tag).MaximumLength(CredentialMap.TypeLength);
        RuleFor(x => x.Limit).InclusiveBetween(1, CredentialFilter.MaxLimit)
            .WithMessage($"limit must be between 1 and {CredentialFilter.MaxLimit}.");
        RuleFor(x => x.Offset).InclusiveBetween(0, CredentialFilter.MaxOffset)
            .WithMessage($"offset must be between 0 and {CredentialFilter.MaxOffset}. Use a filter, or page with cursor.");
        RuleFor(x => x.Cursor).Must((x, c) => c is null || x.Offset is null)
            .WithMessage("Send either cursor or offset, not both.");
    }
}
