using Aegis.Kernel.Identifiers;

namespace Aegis.Studies.Requests;

/// <summary>Takes new requests in.</summary>
internal sealed class RequestIntake(StudiesDb db, IPartnerships partnerships, RequestSeal seal, StudiesOptions options, TimeProvider clock)
{
    /// <summary>Stores a request of the consumer, or refuses when the two are no partners.</summary>
    public async Task<StudyRequest> Take(string consumerId, CreateStudyRequest asked, CancellationToken ct)
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
    /// One answer for an unknown provider, a missing, suspended or lapsed partnership and a key narrowed to others: none tells which
    /// providers exist.
    /// </summary>
    public static RefusedException NoPartnership() =>
        Refuse.Forbidden("no_partnership", "There is no active partnership with this organization that this key may use.");
}
