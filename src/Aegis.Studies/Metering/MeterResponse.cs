namespace Aegis.Studies.Metering;

/// <summary>The meters of a transfer.</summary>
/// <param name="Declared">What the provider uploaded.</param>
/// <param name="Ingested">The content as it is served.</param>
/// <param name="Served">What was served so far.</param>
/// <param name="Acknowledged">The consumer's receipt, or null.</param>
/// <param name="Views">The number of views.</param>
internal sealed record MeterResponse(
    DeclaredMeter Declared, IngestedMeter Ingested, ServedMeter Served, ReceiptResponse? Acknowledged, int Views)
{
    public static MeterResponse From(Transfer transfer, IReadOnlyCollection<StreamLease> unsettled)
    {
        var (study, meter) = (transfer.Study, transfer.Meter!);
        var (served, egress) = meter.AtMost(unsettled);
        return new MeterResponse(
            new DeclaredMeter(study.Instances, study.DeclaredSha256),
            new IngestedMeter(study.Instances, study.SizeBytes, study.Sha256),
            new ServedMeter(meter.Served, study.PayloadBytes, served, meter.Egress, egress),
            transfer.Receipt is { } receipt ? new ReceiptResponse(receipt.Instances, receipt.Bytes, receipt.Sha256, receipt.At) : null,
            transfer.Views);
    }
}

/// <summary>What the provider uploaded.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Sha256">SHA-256 over the sorted SHA-256 of the uploaded instances.</param>
internal sealed record DeclaredMeter(int Instances, string Sha256);

/// <summary>The content as it is served.</summary>
/// <param name="Instances">Number of instances.</param>
/// <param name="Bytes">Size of the content.</param>
/// <param name="Sha256">SHA-256 of the content.</param>
internal sealed record IngestedMeter(int Instances, long Bytes, string Sha256);

/// <summary>What was served so far.</summary>
/// <param name="Bytes">Bytes of instances that were served at least once, without the archive's framing.</param>
/// <param name="OfBytes">Bytes of all instances.</param>
/// <param name="AtMostBytes">Upper bound of <c>bytes</c>: includes everything that running and crashed downloads may have served.</param>
/// <param name="EgressBytes">All bytes handed to the network, including repeated bytes.</param>
/// <param name="AtMostEgressBytes">Upper bound of <c>egressBytes</c>.</param>
internal sealed record ServedMeter(long Bytes, long OfBytes, long AtMostBytes, long EgressBytes, long AtMostEgressBytes);

/// <summary>The consumer's receipt.</summary>
/// <param name="Instances">Number of instances received.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Sha256">SHA-256 of the received content.</param>
/// <param name="At">When the consumer gave the receipt.</param>
internal sealed record ReceiptResponse(int Instances, long Bytes, string Sha256, DateTimeOffset At);
