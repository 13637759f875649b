using Aegis.Kernel.Jobs;

namespace Aegis.Auth.Access.Tokens;

/// <summary>
/// Puts the next signing key in place of the one at work. It is published ten minutes before it signs, twice as long as checkers may keep
/// the key set, so that no token meets somebody who lacks its key.
/// </summary>
internal sealed class SigningKeyRotation(AuthDb db, SigningKeys keys, Revocations revocations, AuthOptions options, TimeProvider clock)
{
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Lead = TimeSpan.FromDays(1);

    /// <summary>Draws the key that follows when the newest one retires within a day. Any number of hosts draw one.</summary>
    public async Task Prepare(CancellationToken ct)
    {
        var newest = await db.SigningKeys.AsNoTracking().OrderByDescending(k => k.Number).FirstOrDefaultAsync(ct);
        var now = clock.GetUtcNow();
        if (newest is null || newest.RetiredAt - now > Lead) return;
        await keys.Begin(db, newest.Number + 1, signsFrom: newest.RetiredAt > now ? newest.RetiredAt : now, ct);
    }

    /// <summary>Draws a key that takes over after <see cref="Notice"/>. One that is about to take over already is enough.</summary>
    public async Task<SigningKey> Rotate(CancellationToken ct)
    {
        var takeover = clock.GetUtcNow() + Notice;
        var current = await Ending(ct);
        if (current.FirstOrDefault(k => k.SignsFrom > clock.GetUtcNow() && k.SignsFrom <= takeover) is { } coming) return coming;

        var next = keys.Next(current.Count == 0 ? 1 : current[0].Number + 1, takeover);
        db.SigningKeys.Add(next);
        foreach (var key in current.Where(k => k.RetiredAt > takeover)) key.Retire(takeover, options.TokenLifetime);
        await revocations.Save([StateChange.Everybody], ct);
        return next;
    }

    /// <summary>Draws a key that signs at once and trusts no other: whatever was signed before must be exchanged anew.</summary>
    public async Task<SigningKey> Replace(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var current = await Ending(ct);
        var next = keys.Next(current.Count == 0 ? 1 : current[0].Number + 1, now);
        db.SigningKeys.Add(next);
        foreach (var key in current) key.Distrust(now);
        await revocations.Save([StateChange.Everybody], ct);
        return next;
    }

    /// <summary>Deletes keys that nobody can need: a day after nothing they signed is valid.</summary>
    public Task<int> Sweep(CancellationToken ct)
    {
        var until = clock.GetUtcNow() - Lead;
        return Kernel.Persistence.Transactions.InTransaction(
            db, () => db.SigningKeys.Where(k => k.ExpiresAt < until && db.SigningKeys.Any(n => n.Number > k.Number))
                .ExecuteDeleteAsync(ct), ct);
    }

    /// <summary>All that are not swept, newest first. The newest is never swept, so numbers go on.</summary>
    private Task<List<SigningKey>> Ending(CancellationToken ct) => db.SigningKeys.OrderByDescending(k => k.Number).ToListAsync(ct);
}

/// <summary>Prepares the next signing key before the one at work retires, and deletes what is long over.</summary>
internal sealed class RotateSigningKeysJob(SigningKeyRotation rotation) : IRecurringJob
{
    public static string Name => "auth.rotate-signing-keys";

    public static string Cron => "0 41 * * * ?";

    public async Task Run(CancellationToken ct)
    {
        await rotation.Prepare(ct);
        await rotation.Sweep(ct);
    }
}
