namespace Aegis.Studies.Requests;

/// <summary>Finds requests for their parties and for the jobs.</summary>
internal static class RequestQueries
{
    /// <summary>Requests in which the caller's organization is a party, narrowed to the partners of its key.</summary>
    public static IQueryable<StudyRequest> OwnedBy(this IQueryable<StudyRequest> requests, Caller caller)
    {
        var organization = caller.OrganizationId;
        requests = requests.Where(x => x.ConsumerId == organization || x.ProviderId == organization);
        if (caller.Partners is null) return requests;
        var partners = caller.Partners.ToArray();
        return requests.Where(x => partners.Contains(x.ConsumerId == organization ? x.ProviderId : x.ConsumerId));
    }

    /// <summary>The request with this id, tracked. Other organizations get 404.</summary>
    public static async Task<StudyRequest> Named(this IQueryable<StudyRequest> requests, string id, CancellationToken ct) =>
        await requests.FirstOrDefaultAsync(x => x.Id == id, ct) ?? throw Refuse.NotFound("request");

    /// <summary>
    /// Requests that are in this state now, by the same rule as <see cref="StudyRequest.StatusAt"/>. It returns one range for each stored
    /// state that can mean it, because an index can answer each range but not all at once.
    /// </summary>
    /// <param name="requests">The requests of the caller.</param>
    /// <param name="all">The whole table, to find expired requests that the expiry job has not stored yet. They are few, and most of them
    /// belong to other organizations.</param>
    /// <param name="status">The requested state.</param>
    /// <param name="now">The current time.</param>
    public static IReadOnlyList<IQueryable<StudyRequest>> InStatus(
        this IQueryable<StudyRequest> requests, IQueryable<StudyRequest> all, RequestStatus status, DateTimeOffset now)
    {
        var stored = requests.Where(x => x.Status == status);
        var lapsed = requests.Where(x => x.Status == RequestStatus.Fulfilling && x.ExpiresAt > now)
            .Where(FulfilmentLease.Row.Free<StudyRequest>(x => x.LeaseUntil, now));
        var due = all.DueToExpire(now).Select(x => x.Id);
        return status switch
        {
            RequestStatus.Pending =>
                [stored.Where(x => x.ExpiresAt > now && x.AcceptedAt == null), lapsed.Where(x => x.AcceptedAt == null)],
            RequestStatus.Accepted =>
                [stored.Where(x => x.ExpiresAt > now && x.AcceptedAt != null), lapsed.Where(x => x.AcceptedAt != null)],
            RequestStatus.Fulfilling => [stored.Where(FulfilmentLease.Row.Held<StudyRequest>(x => x.LeaseUntil, now))],
            RequestStatus.Expired => [stored, requests.Where(x => due.Contains(x.Id))],
            _ => [stored],
        };
    }

    /// <summary>Requests that expired without an answer but are not stored as expired. Only a fulfilment has a lease.</summary>
    public static IQueryable<StudyRequest> DueToExpire(this IQueryable<StudyRequest> requests, DateTimeOffset now) => requests
        .Where(x => x.Status == RequestStatus.Pending || x.Status == RequestStatus.Accepted || x.Status == RequestStatus.Fulfilling)
        .Where(x => x.ExpiresAt <= now)
        .Where(FulfilmentLease.Row.Free<StudyRequest>(x => x.LeaseUntil, now));

    /// <summary>Splits each range by the role of the caller's organization, because there is an index for each role.</summary>
    public static IReadOnlyList<IQueryable<StudyRequest>> ByRole(this IReadOnlyList<IQueryable<StudyRequest>> ranges, Caller caller)
    {
        var organization = caller.OrganizationId;
        return
        [
            .. ranges.Select(r => r.Where(x => x.ConsumerId == organization)),
            .. ranges.Select(r => r.Where(x => x.ProviderId == organization)),
        ];
    }
}
