using Aegis.Auth.Persistence;
using Aegis.Auth.Users;
using Aegis.Kernel.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.SignIn;

/// <summary>
/// Recognizes people by their password. Whoever asks learns the same, after the same work, for an address that nobody has, a wrong password, and an
/// account that is locked or disabled.
/// </summary>
internal sealed class SignInDesk(AuthDb db, UserManager<User> users, TimeProvider clock)
{
    private const int MostAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    /// <summary>A hash of a password that nobody has, made once in the way of this version.</summary>
    private static string? nobody;

    /// <summary>The user with this address and password, or null.</summary>
    public async Task<User?> Recognize(string email, string password, CancellationToken ct)
    {
        if (await TakeAttempt(email.Trim().ToLowerInvariant(), ct) is not { } user)
        {
            await db.WriteNobody(ct);
            var hasher = users.PasswordHasher;
            nobody ??= hasher.HashPassword(null!, Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)));
            hasher.VerifyHashedPassword(null!, nobody, password);
            await db.WriteNobody(ct);
            return null;
        }

        if (!await users.CheckPasswordAsync(user, password))
        {
            user.FailAttempt();
            await Settle(ct);
            return null;
        }

        user.ForgiveAttempts();
        await Settle(ct);
        return user;
    }

    /// <summary>Counts the attempt before it is looked at; those that are sent at once meet in the user's row.</summary>
    private Task<User?> TakeAttempt(string email, CancellationToken ct) => db.DecideAnew(async () =>
    {
        var user = await db.Users.SingleOrDefaultAsync(u => u.Email == email && u.DisabledAt == null, ct);
        if (user?.PasswordHash is null || !user.TakeAttempt(MostAttempts, Pause, clock.GetUtcNow())) return null;
        await db.SaveChangesAsync(ct);
        return user;
    });

    /// <summary>What an attempt showed, unless another one was counted meanwhile: then its count stays.</summary>
    private async Task Settle(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
        }
    }
}
