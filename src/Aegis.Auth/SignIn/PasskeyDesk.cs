using Aegis.Auth.Persistence;
using Aegis.Auth.Users;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Auth.SignIn;

/// <summary>Recognizes people by their passkeys.</summary>
internal sealed class PasskeyDesk(AuthDb db, UserManager<User> users, SignInManager<User> passkeys)
{
    /// <summary>Begins: what a browser asks its authenticator for, in JSON. For a user who is known already, one of the own passkeys.</summary>
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

        // The challenge is in a cookie, which whoever saw the call could send again: none counts that is older than the passkey's last use.
        var id = Passkey.TextOf(proved.Passkey.CredentialId);
        if (await db.Passkeys.AnyAsync(p => p.CredentialId == id && p.LastUsedAt >= asked, ct)) return (null, "The passkey was used meanwhile. Try again.");
        await users.AddOrUpdatePasskeyAsync(proved.User, proved.Passkey);
        return (proved.User, "");
    }
}
