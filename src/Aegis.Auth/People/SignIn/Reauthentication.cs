namespace Aegis.Auth.People.SignIn;

/// <summary>Why a proof does not count.</summary>
/// <param name="By">With what it was tried, in a word of RFC 8176: <c>pwd</c>, <c>otp</c> or <c>hwk</c>.</param>
/// <param name="Sentence">For the person.</param>
internal sealed record WrongProof(string By, string Sentence);

/// <summary>
/// Takes proof from a person who is signed in: the password, with a one-time code where there is an authenticator, or a passkey. Wrong ones
/// count with those at the sign-in, and are told to the organization.
/// </summary>
internal sealed class Reauthentication(
    AuthDb db, PasswordSignIn passwords, PasskeySignIn passkeys, Authenticators authenticators, RecentSignIn proof)
{
    public Task<User> Find(Caller person, CancellationToken ct) => db.Users.SingleAsync(u => u.Id == person.UserId, ct);

    public Task<bool> HasAuthenticator(Caller person, CancellationToken ct) =>
        db.TotpEnrolments.AnyAsync(t => t.UserId == person.UserId && t.SealedSecret != null, ct);

    public Task<bool> HasPasskey(Caller person, CancellationToken ct) => db.Passkeys.AnyAsync(p => p.UserId == person.UserId, ct);

    /// <summary>Begins with a passkey: what the browser asks its authenticator for.</summary>
    public async Task<string> AskPasskey(Caller person, CancellationToken ct) => await passkeys.Ask(await Find(person, ct));

    /// <summary>Null when the proof counts.</summary>
    /// <param name="person">Who is signed in.</param>
    /// <param name="password">As typed.</param>
    /// <param name="code">Six digits, where the person has an authenticator.</param>
    /// <param name="http">The call, for the browser and the address that it comes from.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task<WrongProof?> ByPassword(Caller person, string password, string? code, HttpContext http, CancellationToken ct)
    {
        var email = (await Find(person, ct)).Email;
        if (password.Length > PasswordRules.MaxLength || await passwords.Recognize(http, email, password, ct) is null)
            return await Fail(person,
                new WrongProof("pwd", "This is not your password; or there were too many wrong ones: then wait 15 minutes."), ct);
        if (!await HasAuthenticator(person, ct)) return await Succeed(person, "pwd", ct);
        try
        {
            await authenticators.Prove(person.UserId!, code ?? "", ct);
        }
        catch (RefusedException refused) when (refused.Code.StartsWith("totp_", StringComparison.Ordinal))
        {
            return await Fail(person, new WrongProof("otp", refused.Message), ct);
        }

        return await Succeed(person, "pwd otp", ct);
    }

    /// <summary>Null when the proof counts.</summary>
    public async Task<WrongProof?> ByPasskey(Caller person, string? credential, HttpContext http, CancellationToken ct)
    {
        var (user, sentence) = await passkeys.Recognize(credential, http, ct);
        if (user?.Id == person.UserId) return await Succeed(person, "hwk", ct);
        return await Fail(person, new WrongProof("hwk", user is null ? sentence : "This passkey is somebody else's."), ct);
    }

    private async Task<WrongProof?> Succeed(Caller person, string methods, CancellationToken ct)
    {
        await proof.Give(person, methods, ct);
        return null;
    }

    private async Task<WrongProof?> Fail(Caller person, WrongProof wrong, CancellationToken ct)
    {
        await proof.Fail(person, wrong.By, ct);
        return wrong;
    }
}
