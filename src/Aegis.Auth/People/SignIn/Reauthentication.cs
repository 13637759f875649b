namespace Aegis.Auth.People.SignIn;

/// <summary>A failed re-authentication.</summary>
/// <param name="Method">The method that failed, as named by RFC 8176: <c>pwd</c>, <c>otp</c> or <c>hwk</c>.</param>
/// <param name="Sentence">The reason, for the person.</param>
internal sealed record FailedReauthentication(string Method, string Sentence);

/// <summary>
/// Authenticates a person again who is signed in: by the password, with a one-time code if the person has an authenticator, or by a
/// passkey. Failures count together with those at the sign-in, and raise an event for the organization.
/// </summary>
internal sealed class Reauthentication(
    AuthDb db, PasswordSignIn passwords, PasskeySignIn passkeys, Authenticators authenticators, RecentSignIn recent)
{
    public Task<User> Find(Caller person, CancellationToken ct) => db.Users.SingleAsync(u => u.Id == person.UserId, ct);

    public Task<bool> HasAuthenticator(Caller person, CancellationToken ct) =>
        db.TotpEnrolments.AnyAsync(t => t.UserId == person.UserId && t.SealedSecret != null, ct);

    public Task<bool> HasPasskey(Caller person, CancellationToken ct) => db.Passkeys.AnyAsync(p => p.UserId == person.UserId, ct);

    /// <summary>Begins with a passkey: the options that the browser passes to its authenticator, as JSON.</summary>
    public async Task<string> AskPasskey(Caller person, CancellationToken ct) => await passkeys.Ask(await Find(person, ct));

    /// <returns>Null when it succeeded.</returns>
    /// <param name="person">The person who is signed in.</param>
    /// <param name="password">The password as typed.</param>
    /// <param name="code">Six digits, if the person has an authenticator.</param>
    /// <param name="http">The call, with the browser and the address that it comes from.</param>
    /// <param name="ct">Ends with the connection.</param>
    public async Task<FailedReauthentication?> ByPassword(
        Caller person, string password, string? code, HttpContext http, CancellationToken ct)
    {
        var email = (await Find(person, ct)).Email;
        if (password.Length > PasswordRules.MaxLength || await passwords.Recognize(http, email, password, ct) is null)
            return await Fail(person,
                new FailedReauthentication(
                    "pwd", "The password is wrong, or there were too many wrong ones. Try again, or wait 15 minutes."), ct);
        if (!await HasAuthenticator(person, ct)) return await Succeed(person, "pwd", ct);
        try
        {
            await authenticators.Verify(person.UserId!, code ?? "", ct);
        }
        catch (RefusedException refused) when (refused.Code.StartsWith("totp_", StringComparison.Ordinal))
        {
            return await Fail(person, new FailedReauthentication("otp", refused.Message), ct);
        }

        return await Succeed(person, "pwd otp", ct);
    }

    /// <returns>Null when it succeeded.</returns>
    public async Task<FailedReauthentication?> ByPasskey(Caller person, string? credential, HttpContext http, CancellationToken ct)
    {
        var (user, sentence) = await passkeys.Recognize(credential, http, ct);
        if (user?.Id == person.UserId) return await Succeed(person, "hwk", ct);
        return await Fail(
            person, new FailedReauthentication("hwk", user is null ? sentence : "This passkey belongs to another user. Use your own."), ct);
    }

    private async Task<FailedReauthentication?> Succeed(Caller person, string methods, CancellationToken ct)
    {
        await recent.RecordSuccess(person, methods, ct);
        return null;
    }

    private async Task<FailedReauthentication?> Fail(Caller person, FailedReauthentication failure, CancellationToken ct)
    {
        await recent.RecordFailure(person, failure.Method, ct);
        return failure;
    }
}
