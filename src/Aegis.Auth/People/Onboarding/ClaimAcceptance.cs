namespace Aegis.Auth.People.Onboarding;

/// <summary>Hands out first keys. Of two clicks at once, on whatever hosts, the revision of the claim lets one have the key.</summary>
internal sealed class ClaimAcceptance(AuthDb db, Pepper pepper, AuthOptions options, TimeProvider clock)
{
    /// <summary>What can be fetched with this word; nothing changes.</summary>
    public async Task<ClaimResponse> Look(string? token, CancellationToken ct)
    {
        var claim = await Find(token, ct);
        claim.RequireOpen(clock.GetUtcNow());
        return new ClaimResponse(claim.OrganizationId, await NameOf(claim, ct), claim.ExpiresAt);
    }

    /// <summary>Makes the key and uses the claim up.</summary>
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
            "There is no such address, or a newer one took its place. Check that it was copied whole.");
    }

    private Task<string> NameOf(Claim claim, CancellationToken ct) =>
        db.Organizations.Where(o => o.Id == claim.OrganizationId).Select(o => o.Name).SingleAsync(ct);
}

/// <param name="OrganizationId">For which organization a key can be fetched.</param>
/// <param name="OrganizationName">Its name.</param>
/// <param name="ExpiresAt">Until when.</param>
internal sealed record ClaimResponse(string OrganizationId, string OrganizationName, DateTimeOffset ExpiresAt);

/// <param name="Id"><c>key_…</c>.</param>
/// <param name="Name">What the key is called.</param>
/// <param name="Key">The key itself. Keep it now: it is stored nowhere.</param>
/// <param name="OrganizationId">Whose key it is.</param>
/// <param name="OrganizationName">The name of that organization.</param>
/// <param name="ExpiresAt">When it stops working; null for never.</param>
internal sealed record ClaimedKeyResponse(
    string Id, string Name, string Key, string OrganizationId, string OrganizationName, DateTimeOffset? ExpiresAt)
{
    public override string ToString() => $"{Id} ***";
}
