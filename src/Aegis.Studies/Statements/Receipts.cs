namespace Aegis.Studies.Statements;

/// <summary>Accepts the consumer's receipt and signs it.</summary>
/// <remarks>
/// How statements are made: at most one receipt and one certificate of destruction exist for each transfer. <see cref="ReceiptText"/> and
/// <see cref="Certificate"/> write them as lines with <see cref="StatementText"/>. <see cref="StatementStore"/> signs the text with the
/// evidence key and adds a <see cref="SignedStatement"/> to the save that changes the transfer. If the save fails, neither is stored.
/// Transfers from before signed notes get theirs at the first read; when two calls sign at once, the one stored first counts.
/// </remarks>
internal sealed class Receipts(StatementStore statements)
{
    /// <summary>
    /// Compares the receipt with the meters and adds its note to the save. Giving the same receipt again changes nothing.
    /// </summary>
    public async Task Accept(
        Transfer transfer, AcknowledgeRequest request, List<StreamLease> unsettled, DateTimeOffset now, CancellationToken ct)
    {
        var study = transfer.Study;
        var (served, egress) = transfer.Meter!.AtMost(unsettled);
        var sha256 = request.Sha256.ToLowerInvariant();
        var framing = sha256 == study.InstancesSha256 ? 0 : study.SizeBytes - study.PayloadBytes; // not metered: counts as served
        if (transfer.Acknowledge(request.Instances, request.Bytes, sha256, Math.Min(egress, served + framing), now))
            await statements.Add(transfer, StatementKind.Receipt, ct);
    }

    /// <summary>The signed receipt of a transfer.</summary>
    public async Task<SignedReceiptResponse> Read(Transfer transfer, CancellationToken ct)
    {
        if (transfer.Receipt is not { } receipt)
            throw Refuse.Conflict("not_acknowledged", "The consumer has not acknowledged this transfer, so there is no receipt.");

        return new SignedReceiptResponse(
            transfer.Id, receipt.Instances, receipt.Bytes, receipt.Sha256, receipt.At, receipt.Matches(transfer.Study), receipt.AuditEntry,
            await statements.Note(transfer, StatementKind.Receipt, ct));
    }
}

/// <summary>The consumer's statement of what it received, signed.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Instances">Number of instances received.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Sha256">SHA-256 of the received content.</param>
/// <param name="At">When the receipt was given.</param>
/// <param name="Matches">True when instances and digest equal the ingested ones.</param>
/// <param name="AuditEntry">Id of the audit entry of the receipt.</param>
/// <param name="Note">The receipt as a signed note. It never changes. docs/evidence.md shows how to check it.</param>
internal sealed record SignedReceiptResponse(
    string TransferId, int Instances, long Bytes, string Sha256, DateTimeOffset At, bool Matches, string? AuditEntry, string Note);
