using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Requests;

/// <summary>Creates requests.</summary>
internal sealed class RequestIntake(StudiesDb db, IPartnerships partnerships, RequestSeal seal, StudiesOptions options, TimeProvider clock)
{
    /// <summary>Stores a request of the consumer. Refuses if the two organizations are not partners.</summary>
    public async Task<StudyRequest> Create(string consumerId, CreateStudyRequest asked, CancellationToken ct)
    {
        if (await partnerships.Find(consumerId, asked.ProviderId, ct) is null) throw NoPartnership();

        var now = clock.GetUtcNow();
        var id = Ids.New("req", now);
        var request = StudyRequest.Create(
            id, consumerId, asked.ProviderId, seal.Seal(id, asked.Details), asked.Terms, options.RequestLifetime, now);
        db.Requests.Add(request);
        await db.SaveChangesAsync(ct);
        return request;
    }

    /// <summary>
    /// The same answer for an unknown provider, for a missing, suspended or lapsed partnership, and for a key narrowed to other partners.
    /// So the answer does not reveal which providers exist.
    /// </summary>
    public static RefusedException NoPartnership() =>
        Refuse.Forbidden(
            "no_partnership", "There is no active partnership with this organization that you may use. Check its id and the partnership.");
}
