using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.SignIn;

/// <summary>Recognizes people by their passkeys.</summary>
internal sealed class PasskeySignIn(AuthDb db, SignInManager<User> passkeys, TimeProvider clock)
{
    /// <summary>
    /// Begins: what a browser asks its authenticator for, in JSON. For a user who is known already, one of the own passkeys.
    /// </summary>
    public Task<string> Ask(User? known) => passkeys.MakePasskeyRequestOptionsAsync(known);

    /// <summary>The user whose passkey answered, with its use saved; or why there is none, as a sentence.</summary>
    public async Task<(User? User, string Wrong)> Recognize(string? credential, HttpContext http, CancellationToken ct)
    {
        const string unknown = "This passkey is not known here. Use your password.";
        if (string.IsNullOrEmpty(credential)) return (null, unknown);
        var asked = (await http.AuthenticateAsync(HalfSignIn.Scheme)).Properties?.IssuedUtc; // when the challenge was drawn
        PasskeyAssertionResult<User> proved;
        try
        {
            proved = await passkeys.PerformPasskeyAssertionAsync(credential);
        }
        catch (InvalidOperationException)
        {
            return (null, "The passkey took too long. Try again."); // its challenge is no longer there
        }

        if (!proved.Succeeded || proved.User.DisabledAt is not null) return (null, unknown);

        return await Use(proved, asked, ct) switch
        {
            true => (proved.User, ""),
            false => (null, "The passkey was used meanwhile. Try again."),
            null => (null, unknown),
        };
    }

    /// <summary>
    /// Saves its use, but not through Identity, which would add a passkey again that is removed at this moment. The challenge is in a
    /// cookie, which whoever saw the call could send again: none counts that is older than the passkey's last use, and of two at once one.
    /// </summary>
    /// <returns>False when it was used since it was asked for; null when it is there no more.</returns>
    private async Task<bool?> Use(PasskeyAssertionResult<User> proved, DateTimeOffset? asked, CancellationToken ct)
    {
        var (id, owner) = (Passkey.TextOf(proved.Passkey!.CredentialId), proved.User!.Id);
        if (await db.Passkeys.SingleOrDefaultAsync(p => p.CredentialId == id && p.UserId == owner, ct) is not { } passkey) return null;
        if (passkey.LastUsedAt >= asked) return false;
        passkey.Use(proved.Passkey, clock.GetUtcNow());
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
