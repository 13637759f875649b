using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>Sets passwords. Another password ends the logins that the earlier one began, and no browser is known any longer.</summary>
internal sealed class Passwords(AuthDb db, UserManager<User> users, PasswordHashing hashing, Revocations revocations, TimeProvider clock)
{
    /// <summary>Why the user may not have this password, as sentences; none when it may.</summary>
    public async Task<IReadOnlyList<string>> Objections(User user, string password)
    {
        var sentences = new List<string>();
        foreach (var rule in users.PasswordValidators)
            sentences.AddRange((await rule.ValidateAsync(users, user, password)).Errors.Select(e => e.Description));
        return sentences;
    }

    /// <summary>
    /// Saves the password of who has just proved the present one; false when that is another one by now. Attempts that are counted
    /// meanwhile, somebody else's guesses, do not stop it.
    /// </summary>
    /// <param name="proved">Who. May be as it was before such an attempt.</param>
    /// <param name="current">The present password.</param>
    /// <param name="password">It has been looked at: <see cref="Objections"/>.</param>
    /// <param name="kept">The login that goes on.</param>
    /// <param name="ct">Counts until the save.</param>
    public Task<bool> Change(User proved, string current, string password, string? kept, CancellationToken ct)
    {
        var (id, hash) = (proved.Id, proved.PasswordHash);
        return db.RetryOnConflict(async () =>
        {
            var user = await db.Users.SingleOrDefaultAsync(u => u.Id == id, ct);
            if (user is null || (user.PasswordHash != hash && !await Prove(user, current, ct))) return false;
            await Set(user, password, kept, ct);
            return true;
        });
    }

    /// <summary>
    /// Saves the password, with all else that is to be saved, ends the user's logins everywhere, and forgets the browsers.
    /// </summary>
    /// <param name="user">Whose.</param>
    /// <param name="password">It has been looked at: <see cref="Objections"/>.</param>
    /// <param name="kept">The login that goes on, or null.</param>
    /// <param name="ct">Counts until the save.</param>
    public async Task Set(User user, string password, string? kept, CancellationToken ct)
    {
        user.SetPassword(await hashing.Hash(user, password, ct));
        await db.ForgetBrowsers(user.Id, ct);
        var ended = await db.EndLogins(user.Id, kept, clock.GetUtcNow(), ct);
        await revocations.Save(ended, ct);
    }

    private async Task<bool> Prove(User user, string password, CancellationToken ct)
    {
        using var slot = await hashing.Enter(isKnown: true, ct);
        return await hashing.Verify(user, password);
    }
}

internal static class LoginQueries
{
    /// <summary>Ends the logins of a user but for one; the caller saves. Returns their ids.</summary>
    public static async Task<List<string>> EndLogins(this AuthDb db, string userId, string? kept, DateTimeOffset now, CancellationToken ct)
    {
        var open = await db.OpenSessions(userId, now).Where(s => s.Client != null && s.Id != kept).ToListAsync(ct);
        open.ForEach(s => s.End(now));
        return open.ConvertAll(s => s.Id);
    }

    public static IQueryable<Session> OpenSessions(this AuthDb db, string userId, DateTimeOffset now) =>
        db.Sessions.Where(s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now);
}
