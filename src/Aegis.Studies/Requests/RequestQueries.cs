using System.Linq.Expressions;
using Aegis.Kernel.Callers;
using Aegis.Kernel.Lists;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Fulfilment;
using Microsoft.EntityFrameworkCore;

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

    /// <summary>Requests whose state now is this one; the same rule as <see cref="StudyRequest.StatusAt"/>.</summary>
    public static IQueryable<StudyRequest> InStatus(this IQueryable<StudyRequest> requests, RequestStatus status, DateTimeOffset now)
    {
        var latest = FulfilmentLease.LatestAt(now);
        Expression<Func<StudyRequest, bool>> rule = status switch
        {
            RequestStatus.Pending => x => (x.Status == RequestStatus.Pending || (x.Status == RequestStatus.Fulfilling && (x.LeaseUntil <= now || x.LeaseUntil > latest)))
                && x.AcceptedAt == null && x.ExpiresAt > now,
            RequestStatus.Accepted => x => (x.Status == RequestStatus.Accepted || (x.Status == RequestStatus.Fulfilling && (x.LeaseUntil <= now || x.LeaseUntil > latest)))
                && x.AcceptedAt != null && x.ExpiresAt > now,
            RequestStatus.Fulfilling => x => x.Status == RequestStatus.Fulfilling && x.LeaseUntil > now && x.LeaseUntil <= latest,
            RequestStatus.Expired => x => x.Status == RequestStatus.Expired || (x.ExpiresAt <= now
                && (x.Status == RequestStatus.Pending || x.Status == RequestStatus.Accepted || (x.Status == RequestStatus.Fulfilling && (x.LeaseUntil <= now || x.LeaseUntil > latest)))),
            _ => x => x.Status == status,
        };
        return requests.Where(rule);
    }

    /// <summary>Requests that nobody answered in time and that are not written down as expired.</summary>
    public static IQueryable<StudyRequest> DueToExpire(this IQueryable<StudyRequest> requests, DateTimeOffset now)
    {
        var latest = FulfilmentLease.LatestAt(now);
        return requests.Where(x => x.ExpiresAt <= now
            && (x.Status == RequestStatus.Pending || x.Status == RequestStatus.Accepted || (x.Status == RequestStatus.Fulfilling && (x.LeaseUntil <= now || x.LeaseUntil > latest))));
    }

    /// <summary>
    /// One page over both roles of an organization. Each role is asked by itself, so that each answer comes from an index in order.
    /// </summary>
    public static async Task<Page<TResult>> ToPage<TResult>(
        this IQueryable<StudyRequest> requests, Caller caller, PageQuery query, Func<StudyRequest, TResult> shape, CancellationToken ct)
    {
        var own = caller.OrganizationId;
        var asConsumer = await requests.Where(x => x.ConsumerId == own).ToPage(query, x => x, ct);
        var asProvider = await requests.Where(x => x.ProviderId == own).ToPage(query, x => x, ct);
        var merged = asConsumer.Items.UnionBy(asProvider.Items, x => x.Id).OrderByDescending(x => x.Id, StringComparer.Ordinal).ToList();

        var items = merged.Take(query.Size()).ToList();
        var more = merged.Count > items.Count || asConsumer.NextCursor is not null || asProvider.NextCursor is not null;
        return new Page<TResult>(items.ConvertAll(x => shape(x)), more ? PageQuery.Encode(items[^1].Id) : null);
    }
}
