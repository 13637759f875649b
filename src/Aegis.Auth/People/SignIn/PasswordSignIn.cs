namespace Aegis.Auth.People.SignIn;

/// <summary>
/// Authenticates people by their password. The answer and its time are the same for an unknown address, a wrong password, and an account
/// that is locked or disabled; <see cref="TimingDummy"/> and <see cref="TimingDummyPassword"/> do the work that an unknown address would
/// save. Failures are counted for a known browser of the user (<see cref="KnownBrowser"/>), or else for all strangers who try this user
/// (<see cref="User.TakeAttempt"/>), and also for the client's network over all users (<see cref="AddressFailures"/>). <para> The sign-in
/// page calls this class or <see cref="PasskeySignIn"/>. When a one-time code is needed, <see cref="HalfSignIn"/> keeps the state until
/// <see cref="OneTimeCodeProvider"/> has verified it. <see cref="CompleteSignIn"/> then begins the login, which <see cref="PersonCookie"/>
/// carries. <see cref="Reauthentication"/> authenticates a signed-in person again, and <see cref="RecentSignIn"/> stores that time. A
/// sign-in is refused without a check when there were too many failures, or when the queue of <see cref="HashSlots"/> is full. </para>
/// </summary>
internal sealed class PasswordSignIn(
    AuthDb db, PasswordHashing hashing, KnownBrowsers browsers, AddressFailures addresses, TimeProvider clock)
{
    private const int MaxAttempts = 5;
    private static readonly TimeSpan LockDuration = TimeSpan.FromMinutes(15);

    /// <summary>The user with this address and password, or null.</summary>
    /// <exception cref="Kernel.Web.Refusals.RefusedException">The password was not checked: too many failures from this network, or too
    /// many sign-ins at the same time.</exception>
    public async Task<User?> Recognize(HttpContext http, string email, string password, CancellationToken ct)
    {
        addresses.Take(http);
        var isFailure = false;
        try
        {
            var user = await Verify(http, email.Trim().ToLowerInvariant(), password, ct);
            isFailure = user is null;
            return user;
        }
        finally
        {
            if (!isFailure) addresses.GiveBack(http);
        }
    }

    private async Task<User?> Verify(HttpContext http, string email, string password, CancellationToken ct)
    {
        var isKnown = await browsers.Find(http, email, ct) is { } before && before.IsKnown(clock.GetUtcNow());
        var slot = await hashing.Enter(isKnown, ct); // before the attempt is counted, so that a refused attempt does not count
        using var _ = slot;
        var attempt = await TakeAttempt(http, email, ct);
        if (attempt is null) await db.WriteTimingDummy(ct);
        var isCorrect = await hashing.Verify(attempt?.User, password);
        slot.Dispose();

        if (attempt is null)
        {
            await db.WriteTimingDummy(ct);
            return null;
        }

        if (isCorrect) attempt.Forgive();
        else attempt.Fail();
        await SaveOutcome(ct);
        return isCorrect ? attempt.User : null;
    }

    /// <summary>
    /// Counts the attempt before the password is checked. Attempts at the same time conflict in the row of the browser or the user, so each
    /// is counted. A browser that is no longer known counts as a stranger.
    /// </summary>
    private Task<Attempt?> TakeAttempt(HttpContext http, string email, CancellationToken ct) => db.RetryOnConflict(async () =>
    {
        var now = clock.GetUtcNow();
        var browser = await browsers.Find(http, email, ct);
        var user = await db.Users.SingleOrDefaultAsync(u => u.Email == email && u.RefusedEmail == null && u.DisabledAt == null, ct);
        if (user?.PasswordHash is null) return null;
        var isKnown = browser?.TakeAttempt(now) is true;
        if (!isKnown && !user.TakeAttempt(MaxAttempts, LockDuration, now)) return null;
        await db.SaveChangesAsync(ct);
        return new Attempt(user, isKnown ? browser : null);
    });

    /// <summary>Saves the outcome of an attempt, unless another attempt was counted in between. Then this attempt stays counted.</summary>
    private async Task SaveOutcome(CancellationToken ct)
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
    /// <param name="User">The user whose password was tried.</param>
    /// <param name="Browser">The known browser that it was counted for; null when it was counted for strangers.</param>
    private sealed record Attempt(User User, KnownBrowser? Browser)
    {
        /// <summary>A known browser resets only its own count. Otherwise strangers could guess on each time the user signs in.</summary>
        public void Forgive()
        {
            if (Browser is null) User.ForgiveAttempts();
            else Browser.ForgiveAttempts();
        }

        public void Fail() => User.FailAttempt(Browser is null);
    }
}
