namespace Aegis.Auth.People.External;

/// <summary>
/// Finds our user for a person whom an external provider identified. The first time it uses the e-mail address, which the provider must
/// have verified and an admin must have invited. After that it uses only the provider's subject. Signing in never creates a user.
/// </summary>
internal sealed class ExternalSignIn(AuthDb db, TimeProvider clock)
{
    /// <summary>True when the person is linked to the user with this id. Adds no link.</summary>
    public Task<bool> IsLinked(ExternalPerson person, string? userId, CancellationToken ct) =>
        db.ExternalIdentities.AnyAsync(i => i.Issuer == person.Issuer && i.Subject == person.Subject && i.UserId == userId, ct);

    /// <summary>The user, who gets linked if necessary; null when there is none or the user is disabled.</summary>
    public async Task<User?> Recognize(ExternalPerson person, CancellationToken ct)
    {
        if (await db.ExternalIdentities.SingleOrDefaultAsync(
            i => i.Issuer == person.Issuer && i.Subject == person.Subject, ct) is { } known)
            return await db.Users.SingleOrDefaultAsync(u => u.Id == known.UserId && u.DisabledAt == null, ct);

        if (person.Email is null
            || await db.Users.SingleOrDefaultAsync(
                u => u.Email == person.Email && u.RefusedEmail == null && u.DisabledAt == null, ct) is not { } user) return null;
        if (await db.ExternalIdentities.AnyAsync(i => i.UserId == user.Id, ct)) return null; // another person has the address now

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
            return null; // another call linked the user at the same time; the next attempt finds the link
        }
    }
}
