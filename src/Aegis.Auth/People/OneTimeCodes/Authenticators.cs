namespace Aegis.Auth.People.OneTimeCodes;

/// <summary>The authenticators of users: shown once, confirmed by a first code, asked for codes.</summary>
internal sealed class Authenticators(AuthDb db, SealedBox box, TimeProvider clock)
{
    /// <summary>How the authenticator of the caller's user stands.</summary>
    public async Task<TotpResponse> Look(Caller caller, CancellationToken ct) =>
        await db.TotpEnrolments.Where(t => t.UserId == caller.UserId)
            .Select(t => new TotpResponse(t.ConfirmedAt, t.ConfirmedWith, t.SealedPending != null)).SingleOrDefaultAsync(ct)
        ?? new TotpResponse(null, null, Pending: false);

    /// <summary>
    /// Draws a secret for the caller's user. The first needs the user's original key, or the user's login; to replace one that counts, a
    /// code of it is needed.
    /// </summary>
    public async Task<TotpSecretResponse> Offer(Caller caller, string? code, CancellationToken ct)
    {
        var userId = caller.UserId ?? throw Refuse.NotFound("user");
        (await db.RightsOf(caller, ct)).RequireWhole(caller); // also with a code: it may have been asked for something else
        var now = clock.GetUtcNow();
        var enrolment = await Find(userId, ct);
        if (enrolment is { IsConfirmed: true })
        {
            if (code is null)
                throw Refuse.Conflict("totp_already_enrolled",
                    "This user has an authenticator. Send one of its codes as totp to replace it.");
            await Prove(enrolment, code, now, ct);
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

    /// <summary>Takes the first code of the secret that was shown.</summary>
    public async Task Confirm(Caller caller, string code, CancellationToken ct)
    {
        (await db.RightsOf(caller, ct)).RequireWhole(caller);
        if (await Find(caller.UserId, ct) is not { SealedPending: { } pending } enrolment)
            throw Refuse.Conflict("totp_not_pending", "No secret waits for its first code. Get one from POST /v1/auth/totp.");

        if (!enrolment.IsConfirmed) await db.RequireOwnHand(caller, ct);
        await Settle(enrolment.Confirm(Open(enrolment, pending), code, caller.KeyId ?? caller.SessionId!, clock.GetUtcNow()), ct);
        await db.SaveChangesAsync(ct);
    }

    /// <summary>Takes a code of the user; the caller saves. A wrong code is counted before it is refused.</summary>
    public async Task Prove(string userId, string code, CancellationToken ct)
    {
        if (await Find(userId, ct) is not { IsConfirmed: true } enrolment)
            throw Refuse.Conflict("totp_not_enrolled",
                "This user has no authenticator. Enrol one at POST /v1/auth/totp with the API key or an unsuspected session.");
        await Prove(enrolment, code, clock.GetUtcNow(), ct);
    }

    private Task Prove(TotpEnrolment enrolment, string code, DateTimeOffset now, CancellationToken ct) =>
        Settle(enrolment.Prove(Open(enrolment, enrolment.SealedSecret!), code, now), ct);

    private async Task Settle(RefusedException? refused, CancellationToken ct)
    {
        if (refused is null) return;
        await db.SaveChangesAsync(ct);
        throw refused;
    }

    private Task<TotpEnrolment?> Find(string? userId, CancellationToken ct) =>
        db.TotpEnrolments.SingleOrDefaultAsync(t => t.UserId == userId, ct);

    private byte[] Open(TotpEnrolment enrolment, byte[] sealedSecret) => box.Open(sealedSecret, TotpEnrolment.Subject(enrolment.Id));
}
