namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Recognizes people by their password. Whoever asks learns the same, after the same work, for an address that nobody has, a wrong
/// password, and an account that is locked or disabled. Failures are counted three times: for a browser that the user is known to use
/// (<see cref="KnownBrowser"/>), for all strangers who try one user (<see cref="User.TakeAttempt"/>), and for a client address over all
/// users (<see cref="AddressFailures"/>).
/// </summary>
internal sealed class PasswordSignIn(
    AuthDb db, PasswordHashing hashing, KnownBrowsers browsers, AddressFailures addresses, TimeProvider clock)
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(15);

    /// <summary>The user with this address and password, or null.</summary>
    /// <exception cref="Kernel.Web.Refusals.RefusedException">Nothing was looked at: too many failures of this address, or too many sign-ins at
    /// once.</exception>
    public async Task<User?> Recognize(HttpContext http, string email, string password, CancellationToken ct)
    {
        addresses.Take(http);
        var isFailure = false;
        try
        {
            var user = await Prove(http, email.Trim().ToLowerInvariant(), password, ct);
            isFailure = user is null;
            return user;
        }
        finally
        {
            if (!isFailure) addresses.GiveBack(http);
        }
    }

    private async Task<User?> Prove(HttpContext http, string email, string password, CancellationToken ct)
    {
        var isKnown = await browsers.Find(http, email, ct) is { } before && before.IsKnown(clock.GetUtcNow());
        var slot = await hashing.Enter(isKnown, ct); // before the attempt is counted: one that is sent away counts for nothing
        using var _ = slot;
        var attempt = await TakeAttempt(http, email, ct);
        if (attempt is null) await db.WriteTimingDummy(ct);
        var isRight = await hashing.Verify(attempt?.User, password);
        slot.Dispose();

        if (attempt is null)
        {
            await db.WriteTimingDummy(ct);
            return null;
        }

        if (isRight) attempt.Forgive();
        else attempt.Fail();
        await Settle(ct);
        return isRight ? attempt.User : null;
    }

    /// <summary>
    /// Counts the attempt before it is looked at; those that are sent at once meet in the row of the browser or the user. A browser that is
    /// no longer known is a stranger's.
    /// </summary>
    private Task<Attempt?> TakeAttempt(HttpContext http, string email, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var browser = await browsers.Find(http, email, ct);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Email == email && u.RefusedEmail == null && u.DisabledAt == null, ct);
        if (user?.PasswordHash is null) return null;
        var isKnown = browser?.TakeAttempt(now) is true;
        if (!isKnown && !user.TakeAttempt(MaxAttempts, Pause, now)) return null;
        await db.SaveChangesAsync(ct);
        return new Attempt(user, isKnown ? browser : null);
    });

    /// <summary>What an attempt showed, unless another one was counted in between: then its count stays.</summary>
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

    /// <summary>An attempt that was counted.</summary>
    /// <param name="User">Whose password it is about.</param>
    /// <param name="Browser">Where it was counted; null for the strangers' count.</param>
    private sealed record Attempt(User User, KnownBrowser? Browser)
    {
        /// <summary>A known browser takes back its own count only: else strangers could go on whenever the user signs in.</summary>
        public void Forgive()
        {
            if (Browser is null) User.ForgiveAttempts();
            else Browser.ForgiveAttempts();
        }

        public void Fail() => User.FailAttempt(Browser is null);
    }
}
