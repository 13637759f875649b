using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.SignIn;

/// <summary>Hashes and compares passwords, in one of the <see cref="HashSlots"/>. Nothing else does.</summary>
internal sealed class PasswordHashing(UserManager<User> users, HashSlots slots, TimingDummyPassword nobody)
{
    /// <summary>Waits for its turn, or refuses.</summary>
    public Task<IDisposable> Enter(bool isKnown, CancellationToken ct) => slots.Take(isKnown, ct);

    /// <summary>True when this is the user's password; for nobody it is false after the same work. Within a slot.</summary>
    public async Task<bool> Verify(User? user, string password)
    {
        if (user is not null) return await users.CheckPasswordAsync(user, password);
        users.PasswordHasher.VerifyHashedPassword(null!, nobody.Hash(users.PasswordHasher), password);
        return false;
    }

    /// <summary>The hash of a new password of somebody who has proved who it is.</summary>
    public async Task<string> Hash(User user, string password, CancellationToken ct)
    {
        using var slot = await Enter(isKnown: true, ct);
        return users.PasswordHasher.HashPassword(user, password);
    }
}

/// <summary>
/// A hash of a password that nobody has, made once with the settings of this host: for an address that nobody has, comparing takes as long
/// as for others.
/// </summary>
internal sealed class TimingDummyPassword
{
    private string? hash;

    public string Hash(IPasswordHasher<User> hasher) =>
        hash ??= hasher.HashPassword(null!, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
}
