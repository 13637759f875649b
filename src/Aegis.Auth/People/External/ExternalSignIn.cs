namespace Aegis.Auth.People.External;

/// <summary>
/// Knows our users in what an external provider says. The first time by the e-mail address that it has verified and that an admin has
/// invited; afterwards by its own name of the person alone. Nobody becomes a user by signing in.
/// </summary>
internal sealed class ExternalSignIn(AuthDb db, TimeProvider clock)
{
    /// <summary>True when this is the user with this id, by its link; nobody is linked.</summary>
    public Task<bool> Is(ExternalPerson person, string? userId, CancellationToken ct) =>
        db.ExternalIdentities.AnyAsync(i => i.Issuer == person.Issuer && i.Subject == person.Subject && i.UserId == userId, ct);

    /// <summary>The user, linked if it was not; null when there is none, or it is disabled.</summary>
    public async Task<User?> Recognize(ExternalPerson person, CancellationToken ct)
    {
        if (await db.ExternalIdentities.SingleOrDefaultAsync(
            i => i.Issuer == person.Issuer && i.Subject == person.Subject, ct) is { } known)
            return await db.Users.SingleOrDefaultAsync(u => u.Id == known.UserId && u.DisabledAt == null, ct);

        if (person.Email is null
            || await db.Users.SingleOrDefaultAsync(
                u => u.Email == person.Email && u.RefusedEmail == null && u.DisabledAt == null, ct) is not { } user) return null;
        if (await db.ExternalIdentities.AnyAsync(i => i.UserId == user.Id, ct)) return null; // somebody else has the address now

        var now = clock.GetUtcNow();
        db.ExternalIdentities.Add(ExternalIdentity.Link(user, person.Issuer, person.Subject, now));
        if (await db.Invitations.SingleOrDefaultAsync(
            i => i.UserId == user.Id && i.AcceptedAt == null && i.ExpiresAt > now, ct) is { } invitation) invitation.Accept(now);
        try
        {
            await db.SaveChangesAsync(ct);
            return user;
        }
        catch (DbUpdateException e) when (e.IsUniqueViolation())
        {
            db.ChangeTracker.Clear();
            return null; // two at once; the next attempt finds the link
        }
    }
}
