using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Values;

/// <summary>A string that may be a leaked value.</summary>
/// <param name="Value">The string, exactly as it was found. It is neither stored nor logged.</param>
[ConfidentialInput]
internal sealed record SearchLeakRequest(string Value)
{
    public override string ToString() => "***";
}

internal sealed class SearchLeakValidator : AbstractValidator<SearchLeakRequest>
{
    public SearchLeakValidator() => RuleFor(x => x.Value).Must(CredentialRules.IsValue).WithMessage(CredentialRules.ValueSentence);
}

/// <summary>A version whose value equals the string.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Id">cred_….</param>
/// <param name="Version">The version.</param>
/// <param name="Current">True when this value is in use: rotate it as an emergency.</param>
/// <param name="Status">The credential's status.</param>
/// <param name="EndedAt">When Aegis ended the value at the provider; null while it may still work there.</param>
internal sealed record LeakMatch(string Credential, string Id, int Version, bool Current, CredentialStatus Status, DateTimeOffset? EndedAt);

/// <summary>The versions that have this value.</summary>
/// <param name="Matches">Empty when the string is not a value of this organization.</param>
internal sealed record LeakSearchResponse(IReadOnlyList<LeakMatch> Matches);

/// <summary>
/// Finds the credential that a leaked string belongs to, and marks the value as leaked. Keyed digests are compared; no value is opened.
/// </summary>
[ApiController]
[Route("v1/credentials/search-leak")]
[Tags("Credentials")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class CredentialLeakController(VaultDb db, Caller caller, CredentialSeal seal, TimeProvider clock) : ControllerBase
{
    private const int MaxMatches = 100;

    /// <summary>Finds the credentials and versions whose value equals a string, retired ones too.</summary>
    /// <remarks>
    /// A version that is found counts as leaked from then on: restoring a retired credential with this value is refused
    /// (<c>value_leaked</c>).
    /// </remarks>
    /// <response code="200">The matches; an empty list when it is not a value of this organization.</response>
    /// <response code="400">validation_failed</response>
    [HttpPost]
    [RequireScope(Scopes.SecretList)]
    public async Task<LeakSearchResponse> Search(SearchLeakRequest request, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var organization = caller.OrganizationId;
        var fingerprint = seal.Fingerprint(organization, request.Value);
        var found = await (
            from v in db.Versions.AsNoTracking()
            where v.OrganizationId == organization && v.Fingerprint == fingerprint
            join c in db.Credentials.AsNoTracking() on v.CredentialId equals c.Id
            orderby c.Name, v.Version
            select new { Credential = c, v.Version, v.EndedAt }).Take(MaxMatches).ToListAsync(ct);
        if (found.Count > 0)
        {
            await db.Versions.Where(v => v.OrganizationId == organization && v.Fingerprint == fingerprint && v.LeakedAt == null)
                .ExecuteUpdateAsync(v => v.SetProperty(x => x.LeakedAt, now), ct);
        }

        return new LeakSearchResponse(found.ConvertAll(f => new LeakMatch(
            f.Credential.Name, f.Credential.Id, f.Version, f.Version == f.Credential.CurrentVersion, f.Credential.StatusAt(now),
            f.EndedAt)));
    }
}
