using System.Text.Json;
using Aegis.Kernel.Web.Http;

namespace Aegis.Studies.Transfers;

/// <summary>A transfer as both parties see it.</summary>
/// <param name="Id">trf_….</param>
/// <param name="RequestId">The request that it answers.</param>
/// <param name="ConsumerId">The organization that may open it.</param>
/// <param name="ProviderId">The organization that delivered it.</param>
/// <param name="Status">ready, open, suspended, destroying or destroyed.</param>
/// <param name="Disputed">Whether the transfer has an open dispute. A dispute does not stop the window.</param>
/// <param name="CreatedAt">When it was delivered.</param>
/// <param name="OpenedAt">Time of the first open.</param>
/// <param name="DeliveredAt">Time of the first view.</param>
/// <param name="DestroyedAt">When its destruction was complete.</param>
/// <param name="Window">When it may be opened, and how often.</param>
/// <param name="Meter">What was declared, ingested, served and acknowledged.</param>
/// <param name="Disputes">All grounds for disputes, oldest first.</param>
internal sealed record TransferResponse(
    string Id, string RequestId, string ConsumerId, string ProviderId, TransferStatus Status, bool Disputed, DateTimeOffset CreatedAt,
    DateTimeOffset? OpenedAt, DateTimeOffset? DeliveredAt, DateTimeOffset? DestroyedAt,
    WindowResponse Window, MeterResponse Meter, IReadOnlyList<DisputeResponse> Disputes)
{
    public static TransferResponse From(Transfer transfer, IReadOnlyCollection<StreamLease> unsettled, DateTimeOffset now) => new(
        transfer.Id, transfer.RequestId, transfer.ConsumerId, transfer.ProviderId, StatusAt(transfer, now), transfer.Disputed,
        transfer.CreatedAt,
        transfer.OpenedAt, transfer.DeliveredAt, transfer.Destruction?.CompletedAt,
        WindowResponse.From(transfer), MeterResponse.From(transfer, unsettled),
        [.. transfer.Disputes.Select(d => DisputeResponse.From(transfer, d))]);

    /// <summary>A transfer whose window is over counts as ended, also in the second before the sweep ends it.</summary>
    private static TransferStatus StatusAt(Transfer transfer, DateTimeOffset now) =>
        transfer.Destruction is null && transfer.HasEnded(now) ? TransferStatus.Destroying : transfer.Status;
}

/// <summary>When a transfer may be opened.</summary>
/// <param name="Start">The first moment at which it may be opened.</param>
/// <param name="End">The first moment at which it may no longer be opened.</param>
/// <param name="MaxViews">Maximum number of views, or null for no limit.</param>
internal sealed record WindowResponse(DateTimeOffset Start, DateTimeOffset End, int? MaxViews)
{
    public static WindowResponse From(Transfer transfer) => new(transfer.WindowStart, transfer.WindowEnd, transfer.MaxViews);
}

/// <summary>One ground of a dispute.</summary>
/// <param name="Reason">raised_by_party, receipt_differs, receipt_exceeds_served, served_in_part, not_acknowledged or
/// excess_egress.</param>
/// <param name="By">consumer, provider or meter.</param>
/// <param name="RaisedAt">When it was raised.</param>
/// <param name="ConsumerAgreedAt">When the consumer agreed that it is resolved.</param>
/// <param name="ProviderAgreedAt">When the provider agreed.</param>
/// <param name="ResolvedAt">When it was resolved.</param>
internal sealed record DisputeResponse(
    DisputeGround Reason, Initiator By, DateTimeOffset RaisedAt, DateTimeOffset? ConsumerAgreedAt, DateTimeOffset? ProviderAgreedAt,
    DateTimeOffset? ResolvedAt)
{
    public static DisputeResponse From(Transfer transfer, Dispute dispute) => new(
        dispute.Ground, dispute.RaisedBy, dispute.RaisedAt,
        dispute.ResolvedAt is null ? transfer.ConsumerAgreedAt : null,
        dispute.ResolvedAt is null ? transfer.ProviderAgreedAt : null,
        dispute.ResolvedAt);
}

/// <summary>The right to fetch a study for five minutes, and its de-identified description.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Url">The URL of the content. It is a credential: keep it secret.</param>
/// <param name="UrlExpiresAt">When the URL expires. New requests are refused from then on; a running download continues.</param>
/// <param name="ExpiresInSeconds">Seconds until the URL expires.</param>
/// <param name="Etag">Entity tag of the content. It is the same for every open; send it as If-Range.</param>
/// <param name="SizeBytes">Size of the content.</param>
/// <param name="Sha256">SHA-256 of the content, lower-case hex.</param>
/// <param name="InstancesBytes">Total bytes of the instances, without the archive's framing; null for transfers of release
/// 0.1.0.</param>
/// <param name="InstancesSha256">SHA-256 over the sorted SHA-256 of the instances, lower-case hex; null for transfers of release
/// 0.1.0.</param>
/// <param name="ContentType">application/zip.</param>
/// <param name="Mode">platform: Aegis decrypts the content while it serves it.</param>
/// <param name="Window">When it may be opened, and how often.</param>
/// <param name="Meter">What was served so far.</param>
/// <param name="Metadata">A de-identified description of the study. It is still protected health information for a consumer that asked
/// by name.</param>
internal sealed record OpenResponse(
    string TransferId, string Url, DateTimeOffset UrlExpiresAt, int ExpiresInSeconds, string Etag, long SizeBytes, string Sha256,
    long? InstancesBytes, string? InstancesSha256, string ContentType,
    string Mode, WindowResponse Window, MeterResponse Meter, JsonElement Metadata)
{
    public static OpenResponse From(
        OpenedTransfer opened, IPublicUrl publicUrl, IReadOnlyCollection<StreamLease> unsettled, DateTimeOffset now)
    {
        var (transfer, study) = (opened.Transfer, opened.Transfer.Study);
        return new OpenResponse(
            transfer.Id, $"{publicUrl.Value}/v1/content/{opened.TicketText}", now + ContentTicket.Lifetime,
            (int)ContentTicket.Lifetime.TotalSeconds,
            study.ETag, study.SizeBytes, study.Sha256, study.InstancesBytes, study.InstancesSha256, "application/zip", "platform",
            WindowResponse.From(transfer), MeterResponse.From(transfer, unsettled), opened.Metadata);
    }
}
