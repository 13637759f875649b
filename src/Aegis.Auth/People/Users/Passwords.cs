using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>Sets passwords. A new password ends the user's other logins and forgets the user's known browsers.</summary>
internal sealed class Passwords(AuthDb db, UserManager<User> users, PasswordHashing hashing, Revocations revocations, TimeProvider clock)
{
    /// <summary>The reasons why the user may not have this password, as sentences; empty when it is allowed.</summary>
    public async Task<IReadOnlyList<string>> Objections(User user, string password)
    {
        var sentences = new List<string>();
        foreach (var rule in users.PasswordValidators)
            sentences.AddRange((await rule.ValidateAsync(users, user, password)).Errors.Select(e => e.Description));
        return sentences;
    }

    /// <summary>
    /// Changes the password of a user whose current password was just verified. False when another call has changed it since then. Wrong
    /// passwords that are counted at the same time, such as a stranger's guesses, do not prevent the change.
    /// </summary>
    /// <param name="proved">The user; the row may have changed since it was read.</param>
    /// <param name="current">The current password.</param>
    /// <param name="password">The new password, already checked with <see cref="Objections"/>.</param>
    /// <param name="kept">The login that is not ended.</param>
    /// <param name="ct">Is ignored after the save.</param>
    public Task<bool> Change(User proved, string current, string password, string? kept, CancellationToken ct)
    {
        var (id, hash) = (proved.Id, proved.PasswordHash);
        return db.RetryOnConflict(async () =>
        {
            var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct);
            if (user is null || (user.PasswordHash != hash && !await Verify(user, current, ct))) return false;
            await Set(user, password, kept, ct);
            return true;
        });
    }

    /// <summary>
    /// Saves the password together with all tracked changes, ends the user's logins everywhere, and forgets the known browsers.
    /// </summary>
    /// <param name="user">The user.</param>
    /// <param name="password">The new password, already checked with <see cref="Objections"/>.</param>
    /// <param name="kept">The login that is not ended, or null.</param>
    /// <param name="ct">Is ignored after the save.</param>
    public async Task Set(User user, string password, string? kept, CancellationToken ct)
    {
        user.SetPassword(await hashing.Hash(user, password, ct));
        await db.ForgetBrowsers(user.Id, ct);
        var ended = await db.EndLogins(user.Id, kept, clock.GetUtcNow(), ct);
        await revocations.Save(ended, ct);
    }

    private async Task<bool> Verify(User user, string password, CancellationToken ct)
    {
        using var slot = await hashing.Enter(isKnown: true, ct);
        return await hashing.Verify(user, password);
    }
}

internal static class LoginQueries
{
    /// <summary>Ends all logins of a user except one; the caller saves. Returns the ids of the ended ones.</summary>
    public static async Task<List<string>> EndLogins(this AuthDb db, string userId, string? kept, DateTimeOffset now, CancellationToken ct)
    {
        var open = await db.OpenSessions(userId, now).Where(s => s.Client != null && s.Id != kept).ToListAsync(ct);
        open.ForEach(s => s.End(now));
        return open.ConvertAll(s => s.Id);
    }

    public static IQueryable<Session> OpenSessions(this AuthDb db, string userId, DateTimeOffset now) =>
        db.Sessions.Where(s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now);
}
