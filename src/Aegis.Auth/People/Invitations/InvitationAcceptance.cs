namespace Aegis.Auth.People.Invitations;

/// <summary>Takes invitations in. Of two that come at once, on whatever hosts, the revision of the invitation lets one through.</summary>
internal sealed class InvitationAcceptance(AuthDb db, Passwords passwords, TimeProvider clock)
{
    /// <summary>What can be done with this word; nothing changes.</summary>
    public async Task<Invited> Look(string? token, CancellationToken ct)
    {
        var (invitation, user) = await Find(token, ct);
        invitation.RequireOpen(clock.GetUtcNow());
        var organization = await db.Organizations.Where(o => o.Id == user.OrganizationId).Select(o => o.Name).SingleAsync(ct);
        return new Invited(user.Address, user.Name, organization, user.PasswordHash is not null, invitation.ExpiresAt);
    }

    /// <summary>Sets name and password, and uses the invitation up.</summary>
    /// <returns>Why the password is not taken, as sentences; none when it was.</returns>
    public Task<IReadOnlyList<string>> Accept(string? token, string name, string password, CancellationToken ct) =>
        db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var (invitation, user) = await Find(token, ct);
        invitation.RequireOpen(now);
        var objections = await passwords.Objections(user, password);
        if (objections.Count > 0) return objections;
        user.Rename(name);
        invitation.Accept(now);
        db.RemoveRange(await db.Passkeys.Where(p => p.UserId == user.Id).ToListAsync(ct)); // whoever lost the account may have left one
        await passwords.Set(user, password, kept: null, ct);
        return objections;
    });

    private async Task<(Invitation Invitation, User User)> Find(string? token, CancellationToken ct)
    {
        if (OneTimeToken.IsWellFormed(token))
        {
            var hash = OneTimeToken.HashOf(token!);
            if (await db.Invitations.SingleOrDefaultAsync(i => i.TokenHash == hash, ct) is { } invitation
                && await db.Users.SingleOrDefaultAsync(u => u.Id == invitation.UserId && u.DisabledAt == null, ct) is { } user)
                return (invitation, user);
        }

        throw new RefusedException(
            StatusCodes.Status404NotFound, "invitation_unknown",
            "There is no such invitation, or a newer one took its place. Check that the address was copied whole.");
    }
}

/// <summary>Who is invited, and to what.</summary>
/// <param name="Email">Whose invitation it is.</param>
/// <param name="Name">As the admin wrote it.</param>
/// <param name="OrganizationName">Whose member the user becomes.</param>
/// <param name="IsReset">True for a user who had a password before.</param>
/// <param name="ExpiresAt">Until when it works.</param>
internal sealed record Invited(string Email, string Name, string OrganizationName, bool IsReset, DateTimeOffset ExpiresAt);
