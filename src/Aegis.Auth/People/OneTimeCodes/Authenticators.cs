namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>
/// Manages the authenticators of users: shows a new secret once, confirms it with a first code, and verifies codes.
/// </summary>
internal sealed class Authenticators(AuthDb db, SealedBox box, TimeProvider clock)
{
    /// <summary>The state of the authenticator of the caller's user.</summary>
    public async Task<TotpResponse> Look(Caller caller, CancellationToken ct) =>
        await db.TotpEnrolments.Where(t => t.UserId == caller.UserId)
            .Select(t => new TotpResponse(t.ConfirmedAt, t.ConfirmedWith, t.SealedPending != null)).SingleOrDefaultAsync(ct)
        ?? new TotpResponse(null, null, Pending: false);

    /// <summary>
    /// Draws a secret for the caller's user. The first one requires the user's login or original key. Replacing a confirmed one requires a
    /// code of it.
    /// </summary>
    public async Task<TotpSecretResponse> Offer(Caller caller, string? code, CancellationToken ct)
    {
        var userId = caller.UserId ?? throw Refuse.NotFound("user");
        (await db.RightsOf(caller, ct)).RequireWhole(caller); // even with a code: the user may have typed it for another purpose
        var now = clock.GetUtcNow();
        var enrolment = await Find(userId, ct);
        if (enrolment is { IsConfirmed: true })
        {
            if (code is null)
                throw Refuse.Conflict("totp_already_enrolled",
                    "This user already has an authenticator. Send one of its codes as totp to replace it.");
            await Verify(enrolment, code, now, ct);
        }
        else
        {
            await db.RequireOwnHand(caller, ct);
        }

        if (enrolment is null)
        {
            enrolment = TotpEnrolment.Begin(Ids.New("otp", now), caller.OrganizationId, userId, now);
            db.TotpEnrolments.Add(enrolment);
        }

        var secret = RandomNumberGenerator.GetBytes(Rfc6238.SecretSize);
        enrolment.Offer(box.Seal(secret, TotpEnrolment.Subject(enrolment.Id)));
        var email = await db.Users.Where(u => u.Id == userId).Select(u => u.Email).SingleAsync(ct);
        await db.SaveChangesAsync(ct);
        return TotpSecretResponse.Of(Rfc6238.ToBase32(secret), email);
    }

    /// <summary>Confirms the secret that was shown, with its first code.</summary>
    public async Task Confirm(Caller caller, string code, CancellationToken ct)
    {
        (await db.RightsOf(caller, ct)).RequireWhole(caller);
        if (await Find(caller.UserId, ct) is not { SealedPending: { } pending } enrolment)
            throw Refuse.Conflict("totp_not_pending", "There is no new secret to confirm. Get one from POST /v1/auth/totp.");

        if (!enrolment.IsConfirmed) await db.RequireOwnHand(caller, ct);
        await SaveAndThrow(enrolment.Confirm(Open(enrolment, pending), code, caller.KeyId ?? caller.SessionId!, clock.GetUtcNow()), ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Verifies a code of the user; the caller saves. The count of a wrong code is saved before it is refused.</summary>
    public async Task Verify(string userId, string code, CancellationToken ct)
    {
        if (await Find(userId, ct) is not { IsConfirmed: true } enrolment)
            throw Refuse.Conflict("totp_not_enrolled",
                "This user has no authenticator. Enrol one at POST /v1/auth/totp with the API key or a session that needs no step-up.");
        await Verify(enrolment, code, clock.GetUtcNow(), ct);
    }

    private Task Verify(TotpEnrolment enrolment, string code, DateTimeOffset now, CancellationToken ct) =>
        SaveAndThrow(enrolment.Verify(Open(enrolment, enrolment.SealedSecret!), code, now), ct);

    private async Task SaveAndThrow(RefusedException? refused, CancellationToken ct)
    {
        if (refused is null) return;
        await db.SaveChangesAsync(ct);
        throw refused;
    }

    private Task<TotpEnrolment?> Find(string? userId, CancellationToken ct) =>
        db.TotpEnrolments.SingleOrDefaultAsync(t => t.UserId == userId, ct);

    private byte[] Open(TotpEnrolment enrolment, byte[] sealedSecret) => box.Open(sealedSecret, TotpEnrolment.Subject(enrolment.Id));
}
