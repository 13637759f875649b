namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Finds out, while a study arrives, by what its patient's dates were shifted before. Since 0.2.0 they hang on the patient as the file has
/// it; 0.1.0 took the spelling of the request. A pair keeps the old shift for patients it knows, however a later request spells them.
/// </summary>
internal sealed class PatientShift(StudiesDb db, StudyRequest request)
{
    private readonly Dictionary<string, string?> known = new(StringComparer.Ordinal);

    /// <summary>The key of the old shift; null when the dates hang on the pseudonym.</summary>
    public async ValueTask<string?> KeyOf(string pseudonym, CancellationToken ct)
    {
        if (!known.TryGetValue(pseudonym, out var key)) known.Add(pseudonym, key = await Find(pseudonym, ct));
        return key;
    }

    /// <summary>What was found for a pseudonym of this study.</summary>
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
