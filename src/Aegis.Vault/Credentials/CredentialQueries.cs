namespace Aegis.Vault.Credentials;

/// <summary>Queries for credentials.</summary>
internal static class CredentialQueries
{
    private static readonly bool[] Either = [false, true];

    /// <summary>Credentials of the caller's organization, the only ones that the caller may see.</summary>
    public static IQueryable<Credential> OwnedBy(this IQueryable<Credential> credentials, Caller caller)
    {
        var own = caller.OrganizationId;
        return credentials.Where(c => c.OrganizationId == own);
    }

    /// <summary>The credential with this name, or 404.</summary>
    public static async Task<Credential> Named(this IQueryable<Credential> credentials, string name, CancellationToken ct) =>
        await credentials.FirstOrDefaultAsync(c => c.Name == name, ct) ?? throw NotFound(name);

    /// <summary>
    /// Those that are not retired. SQLite uses an index for <c>IsRetired = @no</c> but not for <c>NOT IsRetired</c>, which
    /// <c>!c.IsRetired</c> becomes.
    /// </summary>
    public static IQueryable<Credential> InUse(this IQueryable<Credential> credentials) => credentials.Retired(false);

    /// <summary>Those that are retired, or are not.</summary>
    public static IQueryable<Credential> Retired(this IQueryable<Credential> credentials, bool isRetired) =>
        credentials.Where(c => c.IsRetired == isRetired);

    /// <summary>Those that have failed, or have not.</summary>
    public static IQueryable<Credential> Failed(this IQueryable<Credential> credentials, bool isFailed) =>
        credentials.Where(c => c.IsFailed == isFailed);

    /// <summary>All of them, written so that SQLite can use the indexes on the expiry, which have <c>IsFailed</c> in front.</summary>
    public static IQueryable<Credential> FailedOrNot(this IQueryable<Credential> credentials) =>
        credentials.Where(c => Either.Contains(c.IsFailed));

    /// <summary>Those whose state now is this one; the same rule as <see cref="Credential.StatusAt"/>.</summary>
    public static IQueryable<Credential> InStatus(this IQueryable<Credential> credentials, CredentialStatus status, DateTimeOffset now) =>
        status switch
        {
            CredentialStatus.Retired => credentials.Retired(true),
            CredentialStatus.Expired => credentials.InUse().FailedOrNot().Where(c => c.ExpiresAt <= now),
            CredentialStatus.Expiring => credentials.InUse().FailedOrNot().Where(c => c.AlertsAt <= now && c.ExpiresAt > now),
            _ => credentials.InUse().Where(c => (c.AlertsAt == null || c.AlertsAt > now) && (c.ExpiresAt == null || c.ExpiresAt > now)),
        };

    /// <summary>Echoes the name only if it is valid: a caller can put anything into a URL.</summary>
    public static RefusedException NotFound(string name) => new(
        404, "not_found", $"Credential not found: {(CredentialNames.IsName(name) ? name : "the name is not valid")}");
}
