using Aegis.Auth.People.Onboarding;

namespace Aegis.Auth.Tenancy.Organizations;

/// <summary>
/// Creates the platform's organization, its admin and the first key. Refuses while an admin of the platform has an active key, because
/// anyone who can run commands on this machine could otherwise add keys that the platform's admins do not notice.
/// </summary>
internal sealed class Founding(AuthDb db, Pepper pepper, AuthOptions options, TimeProvider clock) : IFounding
{
    public async Task<FoundingKey> Found(string name, string email, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        if (await HasAdminKey(now, ct))
            return new FoundingKey(null, "The platform already has an admin key. Use it to create more keys at /v1/auth/keys.");

        var address = email.ToLowerInvariant();
        var admin = await db.Users.SingleOrDefaultAsync(u => u.Email == address, ct);
        if (admin is not null && !(admin.OrganizationId == Caller.Platform && admin.Role == Roles.Admin))
            return new FoundingKey(null, "This email belongs to a user who is not an admin of the platform. Use another email.");

        if (!await db.Organizations.AnyAsync(o => o.Id == Caller.Platform, ct))
            db.Organizations.Add(Organization.Create(Caller.Platform, name, isProvider: false, isConsumer: false, now));
        if (admin is null) db.Users.Add(admin = User.Create(Ids.New("usr", now), Caller.Platform, address, name, Roles.Admin, now));
        var (key, text) = FirstKey.Draw((Caller.Platform, admin.Id), pepper, options, now);
        db.ApiKeys.Add(key);
        await db.SaveChangesAsync(ct);
        return new FoundingKey(text, null);
    }

    private Task<bool> HasAdminKey(DateTimeOffset now, CancellationToken ct) => (
        from key in db.ApiKeys.WithStatus(KeyStatus.Active, now)
        where key.OrganizationId == Caller.Platform
        join user in db.Users on key.UserId equals user.Id
        where user.Role == Roles.Admin
        select key.Id).AnyAsync(ct);
}
