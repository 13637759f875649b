namespace Aegis.Auth.People.Invitations;

/// <summary>
/// Accepts invitations. When the same invitation is accepted twice at the same time, even on two hosts, its revision lets only one save
/// succeed.
/// </summary>
internal sealed class InvitationAcceptance(AuthDb db, Passwords passwords, TimeProvider clock)
{
    /// <summary>Shows the invitation of a token and changes nothing.</summary>
    public async Task<Invited> Look(string? token, CancellationToken ct)
    {
        var (invitation, user) = await Find(token, ct);
        invitation.RequireOpen(clock.GetUtcNow());
        var organization = await db.Organizations.Where(o => o.Id == user.OrganizationId).Select(o => o.Name).SingleAsync(ct);
        return new Invited(user.Address, user.Name, organization, user.PasswordHash is not null, invitation.ExpiresAt);
    }

    /// <summary>Sets name and password, and marks the invitation as used.</summary>
    /// <returns>The reasons why the password was rejected, as sentences; empty when it was set.</returns>
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
        db.RemoveRange(await db.Passkeys.Where(p => p.UserId == user.Id).ToListAsync(ct)); // an intruder may have added a passkey
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
            "This invitation does not exist, or a newer one replaced it. Check that you copied the whole address.");
    }
}

/// <summary>An open invitation as its page shows it.</summary>
/// <param name="Email">The invited address.</param>
/// <param name="Name">The user's name, as the admin typed it.</param>
/// <param name="OrganizationName">The organization that invites.</param>
/// <param name="IsReset">True for a user who had a password before.</param>
/// <param name="ExpiresAt">When the invitation expires.</param>
internal sealed record Invited(string Email, string Name, string OrganizationName, bool IsReset, DateTimeOffset ExpiresAt);
