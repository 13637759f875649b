namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Finds the key by which the dates of a patient were shifted before, while a new study of the patient arrives. Since 0.2.0 the shift
/// depends on the patient's identity in the file; in 0.1.0 it depended on the spelling in the request. A pair of organizations keeps the
/// old shift for the patients it had then, however a later request spells them.
/// </summary>
internal sealed class PatientShift(StudiesDb db, StudyRequest request)
{
    private readonly Dictionary<string, string?> known = new(StringComparer.Ordinal);

    /// <summary>The key of the old shift; null when the shift depends on the pseudonym.</summary>
    public async ValueTask<string?> KeyOf(string pseudonym, CancellationToken ct)
    {
        if (!known.TryGetValue(pseudonym, out var key)) known.Add(pseudonym, key = await Find(pseudonym, ct));
        return key;
    }

    /// <summary>The key that was found for a pseudonym of this study.</summary>
    public string? Earlier(string pseudonym) => known.GetValueOrDefault(pseudonym);

    private async Task<string?> Find(string pseudonym, CancellationToken ct)
    {
        var ofPair = db.Requests.AsNoTracking().Where(
            r => r.ProviderId == request.ProviderId && r.ConsumerId == request.ConsumerId && r.Status == RequestStatus.Fulfilled);
        var before = await ofPair.Where(r => r.PatientPseudonym == pseudonym).OrderBy(r => r.Id).Select(r => new { r.ShiftKey })
            .FirstOrDefaultAsync(ct);
        if (before is not null) return before.ShiftKey;
        var isOld = await ofPair.AnyAsync(r => r.PatientFingerprint == request.PatientFingerprint && r.PatientPseudonym == null, ct);
        return isOld ? request.PatientFingerprint : null;
    }
}
