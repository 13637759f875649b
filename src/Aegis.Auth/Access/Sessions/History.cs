using System.Text;
using System.Text.Json;

namespace Aegis.Auth.Access.Sessions;

/// <summary>
/// The devices and locations of a user's trusted connections. The facts are sealed, and rows are found by keyed fingerprints, which reveal
/// nothing without the key ring.
/// </summary>
internal sealed class History(SealedBox box, RootSecret root)
{
    /// <summary>How long a sighting counts, and how long it is stored.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public const int MaxSightings = 100; // of one user, the newest; more add no information and slow down each call

    private byte[]? key; // derived on first use, because the root secret is known only after the start

    public async Task<RiskHistory> Of(AuthDb db, string userId, DateTimeOffset now, CancellationToken ct)
    {
        var oldest = now - Kept;
        var rows = await db.Sightings.AsNoTracking()
            .Where(s => s.UserId == userId && s.LastSeenAt > oldest)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Take(MaxSightings).ToListAsync(ct);
        var wrongCodes = await db.TotpEnrolments.Where(t => t.UserId == userId).Select(t => new { t.Failures, t.LastFailureAt })
            .SingleOrDefaultAsync(ct);
        var counts = now - WrongSecret.Counts;
        var wrongSecrets = await db.WrongSecrets.Where(w => w.UserId == userId && w.LastAt > counts).Select(w => w.Count)
            .SingleOrDefaultAsync(ct);
        return new RiskHistory(
            rows.ConvertAll(row => Facts(userId, Open(row.SealedFacts, Sighting.Subject(row.Id)))),
            wrongCodes?.LastFailureAt > now - TotpEnrolment.FailuresCount ? wrongCodes.Failures : 0,
            wrongSecrets);
    }

    /// <summary>Converts the facts for the risk assessment.</summary>
    public RiskFacts Facts(string userId, ConnectionFacts facts) =>
        new(facts.At, DeviceOf(userId, facts), facts.Country, facts.Asn, facts.Position);

    /// <summary>Adds a trusted connection. The caller saves.</summary>
    public async Task Remember(AuthDb db, string userId, ConnectionFacts facts, DateTimeOffset now, CancellationToken ct)
    {
        var device = DeviceOf(userId, facts);
        var id = Fingerprint("sighting", userId, device ?? "", facts.Country ?? "", facts.Asn ?? "", facts.City ?? "");
        var sealedFacts = Seal(facts, Sighting.Subject(id));
        if (await db.Sightings.SingleOrDefaultAsync(s => s.Id == id, ct) is { } known)
        {
            known.Renew(sealedFacts, now);
            return;
        }

        // A client that invents devices replaces older sightings, so it cannot fill the disk.
        db.Sightings.RemoveRange(await db.Sightings.Where(s => s.UserId == userId)
            .OrderByDescending(s => s.LastSeenAt).ThenBy(s => s.Id).Skip(MaxSightings - 1).Take(MaxSightings).ToListAsync(ct));
        db.Sightings.Add(Sighting.First(id, userId, device, sealedFacts, now));
    }

    public byte[] Seal(ConnectionFacts facts, SealedFor subject) => box.Seal(JsonSerializer.SerializeToUtf8Bytes(facts), subject);

    public ConnectionFacts Open(byte[] sealedFacts, SealedFor subject) =>
        JsonSerializer.Deserialize<ConnectionFacts>(box.Open(sealedFacts, subject))
            ?? throw new JsonException("The facts of a connection are empty.");

    private string? DeviceOf(string userId, ConnectionFacts facts) =>
        (facts.DeviceId ?? facts.DeviceFingerprint) is null
            ? null
            : Fingerprint("device", userId, facts.DeviceId ?? "", facts.DeviceFingerprint ?? "");

    private string Fingerprint(params string[] parts) => Convert.ToHexStringLower(HMACSHA256.HashData(
        key ??= root.Derive("session history"), Encoding.UTF8.GetBytes(JsonSerializer.Serialize(parts)))); // JSON separates the parts
}
