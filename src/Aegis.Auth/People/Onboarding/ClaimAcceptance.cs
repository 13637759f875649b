namespace Aegis.Auth.People.Onboarding;

/// <summary>
/// Issues the first key of an organization. The approval of an application makes a <see cref="Claim"/> and sends its link.
/// <see cref="ClaimController"/> serves the link, as <see cref="ClaimPage"/> or as JSON, and calls this class. <see cref="FirstKey"/>
/// draws the key, which is not stored in clear. When the link is used twice at the same time, even on two hosts, the revision of the claim
/// lets one call succeed and the other one gets <c>claim_used</c>. A key whose answer was lost cannot be shown again.
/// </summary>
internal sealed class ClaimAcceptance(AuthDb db, Pepper pepper, AuthOptions options, TimeProvider clock)
{
    /// <summary>Shows the claim of a token and changes nothing.</summary>
    public async Task<ClaimResponse> Look(string? token, CancellationToken ct)
    {
        var claim = await Find(token, ct);
        claim.RequireOpen(clock.GetUtcNow());
        return new ClaimResponse(claim.OrganizationId, await NameOf(claim, ct), claim.ExpiresAt);
    }

    /// <summary>Makes the key and marks the claim as used.</summary>
    public Task<ClaimedKeyResponse> Redeem(string? token, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var claim = await Find(token, ct);
        var now = clock.GetUtcNow();
        claim.RequireOpen(now);
        var (key, text) = FirstKey.Draw((claim.OrganizationId, claim.UserId), pepper, options, now);
        claim.Redeem(key.Id, now);
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return new ClaimedKeyResponse(key.Id, key.Name, text, claim.OrganizationId, await NameOf(claim, ct), key.ExpiresAt);
    });

    private async Task<Claim> Find(string? token, CancellationToken ct)
    {
        if (OneTimeToken.IsWellFormed(token))
        {
            var hash = OneTimeToken.HashOf(token!);
            if (await db.Claims.SingleOrDefaultAsync(c => c.TokenHash == hash, ct) is { } claim) return claim;
        }

        throw new RefusedException(StatusCodes.Status404NotFound, "claim_unknown",
            "This address does not exist, or a newer one replaced it. Check that you copied the whole address.");
    }

    private Task<string> NameOf(Claim claim, CancellationToken ct) =>
        db.Organizations.Where(o => o.Id == claim.OrganizationId).Select(o => o.Name).SingleAsync(ct);
}

/// <param name="OrganizationId">The organization whose first key can be fetched.</param>
/// <param name="OrganizationName">Its name.</param>
/// <param name="ExpiresAt">When the address expires.</param>
internal sealed record ClaimResponse(string OrganizationId, string OrganizationName, DateTimeOffset ExpiresAt);

/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">The name of the key.</param>
/// <param name="Key">The key itself. Store it now: Aegis does not store it.</param>
/// <param name="OrganizationId">The organization that the key belongs to.</param>
/// <param name="OrganizationName">The name of that organization.</param>
/// <param name="ExpiresAt">When the key expires; null for never.</param>
internal sealed record ClaimedKeyResponse(
    string Id, string Name, string Key, string OrganizationId, string OrganizationName, DateTimeOffset? ExpiresAt)
{
    public override string ToString() => $"{Id} ***";
}
