using Aegis.Kernel.Web.Input;

namespace Aegis.Vault.Values;

/// <summary>A string that was found where it should not be.</summary>
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

/// <summary>A version whose value is the string.</summary>
/// <param name="Credential">Name of the credential.</param>
/// <param name="Id">cred_….</param>
/// <param name="Version">The version.</param>
/// <param name="Current">True when this value is in use now: rotate it as an emergency.</param>
/// <param name="Status">The credential's status.</param>
/// <param name="EndedAt">Since when the provider lets it in no more, as far as Aegis ended it; null while it may.</param>
internal sealed record LeakMatch(string Credential, string Id, int Version, bool Current, CredentialStatus Status, DateTimeOffset? EndedAt);

/// <summary>The versions that have this value.</summary>
/// <param name="Matches">None when the string is no value of this organization.</param>
internal sealed record LeakSearchResponse(IReadOnlyList<LeakMatch> Matches);

/// <summary>
/// Tells which credential a found string belongs to, and remembers that it leaked. Keyed digests are compared; nothing is opened.
/// </summary>
[ApiController]
[Route("v1/credentials/search-leak")]
[Tags("Credentials")]
[Produces("application/json")]
[ErrorAndMessage]
internal sealed class CredentialLeakController(VaultDb db, Caller caller, CredentialSeal seal, TimeProvider clock) : ControllerBase
{
    private const int MaxMatches = 100;

    /// <summary>Finds the credentials and versions whose value is a given string, retired ones too.</summary>
    /// <remarks>
    /// A version that is found counts as leaked from then on: restoring a retired credential with this value is refused
    /// (<c>value_leaked</c>).
    /// </remarks>
    /// <response code="200">What it belongs to; an empty list when it is no value of this organization.</response>
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
