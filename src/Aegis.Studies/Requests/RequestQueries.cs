namespace Aegis.Studies.Requests;

/// <summary>The questions asked of requests.</summary>
internal static class RequestQueries
{
    /// <summary>Requests in which the caller's organization is a party, narrowed to the partners of its key.</summary>
    public static IQueryable<StudyRequest> OwnedBy(this IQueryable<StudyRequest> requests, Caller caller)
    {
        var own = caller.OrganizationId;
        requests = requests.Where(x => x.ConsumerId == own || x.ProviderId == own);
        if (caller.Partners is null) return requests;
        var partners = caller.Partners.ToArray();
        return requests.Where(x => partners.Contains(x.ConsumerId == own ? x.ProviderId : x.ConsumerId));
    }

    /// <summary>The request with this id to change it; for a stranger there is none.</summary>
    public static async Task<StudyRequest> Named(this IQueryable<StudyRequest> requests, string id, CancellationToken ct) =>
        await requests.FirstOrDefaultAsync(x => x.Id == id, ct) ?? throw Refuse.NotFound("request");

    /// <summary>
    /// Requests whose state now is this one; the same rule as <see cref="StudyRequest.StatusAt"/>. One range for each state as stored that
    /// can mean it, since one index answers each of them and none answers all.
    /// </summary>
    /// <param name="requests">Those of the caller.</param>
    /// <param name="all">The whole table, to find what the expiry job has not seen yet: that is little, and most of it is of
    /// others.</param>
    /// <param name="status">The state asked for.</param>
    /// <param name="now">When.</param>
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

    /// <summary>Requests that nobody answered in time and that are not written down as expired. Only a fulfilment has a lease.</summary>
    public static IQueryable<StudyRequest> DueToExpire(this IQueryable<StudyRequest> requests, DateTimeOffset now) => requests
        .Where(x => x.Status == RequestStatus.Pending || x.Status == RequestStatus.Accepted || x.Status == RequestStatus.Fulfilling)
        .Where(x => x.ExpiresAt <= now)
        .Where(FulfilmentLease.Row.Free<StudyRequest>(x => x.LeaseUntil, now));

    /// <summary>The ranges for each role of the caller's organization, for which there are indexes.</summary>
    public static IReadOnlyList<IQueryable<StudyRequest>> ByRole(this IReadOnlyList<IQueryable<StudyRequest>> ranges, Caller caller)
    {
        var own = caller.OrganizationId;
        return [.. ranges.Select(r => r.Where(x => x.ConsumerId == own)), .. ranges.Select(r => r.Where(x => x.ProviderId == own))];
    }
}
