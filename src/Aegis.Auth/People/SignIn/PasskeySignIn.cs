using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Identity;

namespace Aegis.Auth.People.SignIn;

/// <summary>Authenticates people by their passkeys.</summary>
internal sealed class PasskeySignIn(AuthDb db, SignInManager<User> passkeys, TimeProvider clock)
{
    /// <summary>
    /// Begins an assertion: the options that a browser passes to its authenticator, as JSON. For a known user it accepts only passkeys of
    /// that user.
    /// </summary>
    public Task<string> Ask(User? known) => passkeys.MakePasskeyRequestOptionsAsync(known);

    /// <summary>The user whose passkey answered, after its use was saved; or the reason for a failure, as a sentence.</summary>
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
            return (null, "The passkey took too long. Try again."); // the challenge has expired
        }

        if (!proved.Succeeded || proved.User.DisabledAt is not null) return (null, unknown);

        return await Use(proved, asked, ct) switch
        {
            true => (proved.User, ""),
            false => (null, "The passkey was used again in the meantime. Try again."),
            null => (null, unknown),
        };
    }

    /// <summary>
    /// Saves the use. It does not use Identity for that, because Identity would add a passkey again that is being removed at this moment.
    /// The challenge is in a cookie, so somebody who saw the call could send it again. Therefore a challenge older than the passkey's last
    /// use is rejected, and of two uses at the same time only one is saved.
    /// </summary>
    /// <returns>False when the passkey was used after the challenge was drawn; null when the passkey no longer exists.</returns>
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
