using Aegis.Kernel.Jobs;

namespace Aegis.Auth.Access.Tokens;

/// <summary>
/// Replaces the current signing key. The next key is published ten minutes before it signs. That is twice as long as a verifier may cache
/// the key set, so no verifier receives a token whose key it does not have.
/// </summary>
internal sealed class SigningKeyRotation(AuthDb db, SigningKeys keys, Revocations revocations, AuthOptions options, TimeProvider clock)
{
    public static readonly TimeSpan Notice = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan Lead = TimeSpan.FromDays(1);

    /// <summary>Creates the next key when the newest one retires within a day. Several hosts together create only one.</summary>
    public async Task Prepare(CancellationToken ct)
    {
        var newest = await db.SigningKeys.AsNoTracking().OrderByDescending(k => k.Number).FirstOrDefaultAsync(ct);
        var now = clock.GetUtcNow();
        if (newest is null || newest.RetiredAt - now > Lead) return;
        await keys.Begin(db, newest.Number + 1, signsFrom: newest.RetiredAt > now ? newest.RetiredAt : now, ct);
    }

    /// <summary>Creates a key that takes over after <see cref="Notice"/>, unless one already takes over by then.</summary>
    public async Task<SigningKey> Rotate(CancellationToken ct)
    {
        var takeover = clock.GetUtcNow() + Notice;
        var current = await All(ct);
        if (current.FirstOrDefault(k => k.SignsFrom > clock.GetUtcNow() && k.SignsFrom <= takeover) is { } coming) return coming;

        var next = keys.Next(current.Count == 0 ? 1 : current[0].Number + 1, takeover);
        db.SigningKeys.Add(next);
        foreach (var key in current.Where(k => k.RetiredAt > takeover)) key.Retire(takeover, options.TokenLifetime);
        await revocations.Save([StateChange.Everybody], ct);
        return next;
    }

    /// <summary>Creates a key that signs at once and distrusts all others: every access token must be requested again.</summary>
    public async Task<SigningKey> Replace(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var current = await All(ct);
        var next = keys.Next(current.Count == 0 ? 1 : current[0].Number + 1, now);
        db.SigningKeys.Add(next);
        foreach (var key in current) key.Distrust(now);
        await revocations.Save([StateChange.Everybody], ct);
        return next;
    }

    /// <summary>Deletes keys one day after the last token they signed has expired.</summary>
    public Task<int> Sweep(CancellationToken ct)
    {
        var until = clock.GetUtcNow() - Lead;
        return Kernel.Persistence.Transactions.InTransaction(
            db, () => db.SigningKeys.Where(k => k.ExpiresAt < until && db.SigningKeys.Any(n => n.Number > k.Number))
                .ExecuteDeleteAsync(ct), ct);
    }

    /// <summary>All stored keys, newest first. The newest is never deleted, so the numbers continue.</summary>
    private Task<List<SigningKey>> All(CancellationToken ct) => db.SigningKeys.OrderByDescending(k => k.Number).ToListAsync(ct);
}

/// <summary>Creates the next signing key before the current one retires, and deletes keys that expired more than a day ago.</summary>
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
