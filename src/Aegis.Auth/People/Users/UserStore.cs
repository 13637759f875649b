using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.Users;

/// <summary>
/// The store through which ASP.NET Core Identity reads and writes users. Wrong passwords are counted by <see cref="User.TakeAttempt"/> and
/// not here. Identity counts after it has checked the password, so of many guesses at the same time only some would count, and it uses the
/// machine's clock.
/// </summary>
internal sealed class UserStore(AuthDb db, TimeProvider clock)
    : IUserPasswordStore<User>, IUserEmailStore<User>, IUserTwoFactorStore<User>, IUserPasskeyStore<User>
{
    public void Dispose()
    {
        // The scope of the call disposes of the database.
    }

    public Task<string> GetUserIdAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.Id);

    public Task<string?> GetUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    public Task SetUserNameAsync(User user, string? userName, CancellationToken cancellationToken) => throw Unsupported();

    public Task<string?> GetNormalizedUserNameAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    // Nothing to do: the stored address is always normalized.
    public Task SetNormalizedUserNameAsync(User user, string? normalizedName, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<IdentityResult> CreateAsync(User user, CancellationToken cancellationToken) => throw Unsupported();

    public async Task<IdentityResult> UpdateAsync(User user, CancellationToken cancellationToken)
    {
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return IdentityResult.Success;
        }
        catch (DbUpdateConcurrencyException)
        {
            return IdentityResult.Failed(new IdentityErrorDescriber().ConcurrencyFailure());
        }
    }

    public Task<IdentityResult> DeleteAsync(User user, CancellationToken cancellationToken) => throw Unsupported();

    public Task<User?> FindByIdAsync(string userId, CancellationToken cancellationToken) =>
        db.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellationToken);

    public Task<User?> FindByNameAsync(string normalizedUserName, CancellationToken cancellationToken) =>
        FindByEmailAsync(normalizedUserName, cancellationToken);

    public Task SetPasswordHashAsync(User user, string? passwordHash, CancellationToken cancellationToken)
    {
        user.RehashPassword(passwordHash ?? throw Unsupported());
        return Task.CompletedTask;
    }

    public Task<string?> GetPasswordHashAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash);

    public Task<bool> HasPasswordAsync(User user, CancellationToken cancellationToken) => Task.FromResult(user.PasswordHash is not null);

    public Task SetEmailAsync(User user, string? email, CancellationToken cancellationToken) => throw Unsupported();

    public Task<string?> GetEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    /// <summary>True for a user with a password: it was set with the link of an invitation.</summary>
    public Task<bool> GetEmailConfirmedAsync(User user, CancellationToken cancellationToken) =>
        Task.FromResult(user.PasswordHash is not null);

    public Task SetEmailConfirmedAsync(User user, bool confirmed, CancellationToken cancellationToken) => throw Unsupported();

    public Task<User?> FindByEmailAsync(string normalizedEmail, CancellationToken cancellationToken)
    {
        var email = normalizedEmail.ToLowerInvariant();
        return db.Users.SingleOrDefaultAsync(u => u.Email == email, cancellationToken);
    }

    public Task<string?> GetNormalizedEmailAsync(User user, CancellationToken cancellationToken) => Task.FromResult<string?>(user.Email);

    // Nothing to do: the stored address is always normalized.
    public Task SetNormalizedEmailAsync(User user, string? normalizedEmail, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task SetTwoFactorEnabledAsync(User user, bool enabled, CancellationToken cancellationToken) => throw Unsupported();

    public Task<bool> GetTwoFactorEnabledAsync(User user, CancellationToken cancellationToken) =>
        db.TotpEnrolments.AnyAsync(t => t.UserId == user.Id && t.SealedSecret != null, cancellationToken);

    public async Task AddOrUpdatePasskeyAsync(User user, UserPasskeyInfo passkey, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await Find(passkey.CredentialId, cancellationToken) is { } known) known.Use(passkey, now);
        else db.Passkeys.Add(Passkey.Add(Ids.New("psk", now), user, passkey, now));
    }

    public async Task<IList<UserPasskeyInfo>> GetPasskeysAsync(User user, CancellationToken cancellationToken) =>
        (await db.Passkeys.AsNoTracking().Where(p => p.UserId == user.Id).OrderBy(p => p.Id).Take(Passkey.MaxCount)
            .ToListAsync(cancellationToken)).ConvertAll(p => p.ToInfo());

    public async Task<User?> FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken) =>
        await Find(credentialId, cancellationToken) is { } passkey ? await FindByIdAsync(passkey.UserId, cancellationToken) : null;

    public async Task<UserPasskeyInfo?> FindPasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken) =>
        await Find(credentialId, cancellationToken) is { } passkey && passkey.UserId == user.Id ? passkey.ToInfo() : null;

    public async Task RemovePasskeyAsync(User user, byte[] credentialId, CancellationToken cancellationToken)
    {
        if (await Find(credentialId, cancellationToken) is not { } passkey || passkey.UserId != user.Id) return;
        passkey.RaiseRemoved();
        db.Passkeys.Remove(passkey);
    }

    private Task<Passkey?> Find(byte[] credentialId, CancellationToken ct)
    {
        var text = Passkey.TextOf(credentialId);
        return db.Passkeys.SingleOrDefaultAsync(p => p.CredentialId == text, ct);
    }

    private static NotSupportedException Unsupported() => new("Users are created and changed by the methods of User.");
}
