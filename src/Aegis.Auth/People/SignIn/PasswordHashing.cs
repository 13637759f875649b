using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.SignIn;

/// <summary>Hashes and verifies passwords in one of the <see cref="HashSlots"/>. No other class does this work.</summary>
internal sealed class PasswordHashing(UserManager<User> users, HashSlots slots, TimingDummyPassword dummy)
{
    /// <summary>Waits for a slot, or refuses.</summary>
    public Task<IDisposable> Enter(bool isKnown, CancellationToken ct) => slots.Take(isKnown, ct);

    /// <summary>
    /// True when this is the user's password. Without a user it returns false after the same work. Call it within a slot.
    /// </summary>
    public async Task<bool> Verify(User? user, string password)
    {
        if (user is not null) return await users.CheckPasswordAsync(user, password);
        users.PasswordHasher.VerifyHashedPassword(null!, dummy.Hash(users.PasswordHasher), password);
        return false;
    }

    /// <summary>Hashes the new password of an authenticated user.</summary>
    public async Task<string> Hash(User user, string password, CancellationToken ct)
    {
        using var slot = await Enter(isKnown: true, ct);
        return users.PasswordHasher.HashPassword(user, password);
    }
}

/// <summary>
/// The hash of a random password, made once with the settings of this host. It is verified when no user has the e-mail address, so that the
/// answer takes as long as for a user.
/// </summary>
internal sealed class TimingDummyPassword
{
    private string? hash;

    public string Hash(IPasswordHasher<User> hasher) =>
        hash ??= hasher.HashPassword(null!, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
}
