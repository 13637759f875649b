namespace Aegis.Studies.Destruction;

/// <summary>Certifies which study was destroyed, and when each step was verified.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="RequestId">The request that the transfer answered.</param>
/// <param name="ConsumerId">The organization that could open it.</param>
/// <param name="ProviderId">The organization that delivered it.</param>
/// <param name="Status">destroying until every step is verified, then destroyed.</param>
/// <param name="Reason">window_end or manual.</param>
/// <param name="By">window, consumer, provider or platform.</param>
/// <param name="KeyId">Id of the destroyed key of the study.</param>
/// <param name="KeyRemovedAt">When the key was removed from its row. The study could not be opened from then on.</param>
/// <param name="KeyErasedAt">When no copy of the key was left in the database file and its log.</param>
/// <param name="BytesDeletedAt">When the sealed bytes were verified to be deleted.</param>
/// <param name="DestroyedAt">When every step was complete.</param>
/// <param name="DeliveredAt">Time of the first view, or null.</param>
/// <param name="Window">When it could be opened.</param>
/// <param name="Meter">Digests, sizes and served bytes. Final once destroyed.</param>
/// <param name="AuditEntry">Id of the audit entry of the destruction, once destroyed.</param>
/// <param name="NotCovered">The limits of this certificate, as sentences.</param>
/// <param name="Note">
/// The certificate as a signed note, once destroyed. It is created with the destruction and never changes. docs/evidence.md shows how to
/// check it.
/// </param>
/// <param name="Signature">The signature line of the note, once destroyed.</param>
internal sealed record CertificateResponse(
    string TransferId, string RequestId, string ConsumerId, string ProviderId, TransferStatus Status, DestructionReason Reason,
    Initiator By,
    string KeyId, DateTimeOffset KeyRemovedAt, DateTimeOffset? KeyErasedAt, DateTimeOffset? BytesDeletedAt, DateTimeOffset? DestroyedAt,
    DateTimeOffset? DeliveredAt, WindowResponse Window, MeterResponse Meter, string? AuditEntry, IReadOnlyList<string> NotCovered,
    string? Note, string? Signature)
{
    public static CertificateResponse From(Transfer transfer, IReadOnlyCollection<StreamLease> unsettled, string? note)
    {
        var destruction = transfer.Destruction!;
        return new CertificateResponse(
            transfer.Id, transfer.RequestId, transfer.ConsumerId, transfer.ProviderId, transfer.Status, destruction.Reason, destruction.By,
            destruction.KeyId, destruction.BeganAt, destruction.KeyErasedAt, destruction.BytesDeletedAt, destruction.CompletedAt,
            transfer.DeliveredAt, WindowResponse.From(transfer), MeterResponse.From(transfer, unsettled), destruction.AuditEntry,
            Certificate.NotCovered, note, note?[(note.LastIndexOf("\n\n", StringComparison.Ordinal) + 2)..].TrimEnd('\n'));
    }
}
