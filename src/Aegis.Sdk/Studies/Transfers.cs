using System.IO.Compression;

namespace Aegis.Sdk.Studies;

/// <summary>A study that can be opened now.</summary>
/// <param name="Id">trf_….</param>
/// <param name="RequestId">The answered request.</param>
/// <param name="ProviderId">The organization that sent it.</param>
/// <param name="Status"><c>ready</c> or <c>open</c>.</param>
/// <param name="Disputed">Whether it has an open dispute.</param>
/// <param name="CreatedAt">When it arrived.</param>
/// <param name="Window">When and how often it may be viewed.</param>
/// <param name="Instances">Instances of the study.</param>
/// <param name="SizeBytes">Size of the archive.</param>
/// <param name="Sha256">Digest of the archive.</param>
/// <param name="Views">Views so far.</param>
public sealed record InboxItem(
    string Id, string RequestId, string ProviderId, string Status, bool Disputed, DateTimeOffset CreatedAt, Window Window,
    int Instances, long SizeBytes, string Sha256, int Views);

/// <summary>When and how often a study may be viewed.</summary>
public sealed record Window(DateTimeOffset Start, DateTimeOffset End, int? MaxViews);

/// <summary>A transfer.</summary>
/// <param name="Id">trf_….</param>
/// <param name="RequestId">The answered request.</param>
/// <param name="ConsumerId">The organization that asked.</param>
/// <param name="ProviderId">The organization that answered.</param>
/// <param name="Status"><c>ready</c>, <c>open</c>, <c>suspended</c>, <c>destroying</c> or <c>destroyed</c>.</param>
/// <param name="Disputed">Whether it has an open dispute.</param>
/// <param name="CreatedAt">When it arrived.</param>
/// <param name="OpenedAt">When it was first opened.</param>
/// <param name="DeliveredAt">When it was first viewed.</param>
/// <param name="DestroyedAt">When it was destroyed.</param>
/// <param name="Window">When and how often it may be viewed.</param>
/// <param name="Meter">What was declared, received, served and acknowledged.</param>
/// <param name="Disputes">All disputes, including settled ones.</param>
public sealed record Transfer(
    string Id, string RequestId, string ConsumerId, string ProviderId, string Status, bool Disputed, DateTimeOffset CreatedAt,
    DateTimeOffset? OpenedAt,
    DateTimeOffset? DeliveredAt, DateTimeOffset? DestroyedAt, Window Window, Meter Meter, IReadOnlyList<Dispute> Disputes);

/// <summary>What was declared, received, served and acknowledged.</summary>
public sealed record Meter(DeclaredMeter Declared, IngestedMeter Ingested, ServedMeter Served, AcknowledgedMeter? Acknowledged, int Views);

/// <summary>What the provider uploaded.</summary>
public sealed record DeclaredMeter(int Instances, string Sha256);

/// <summary>The archive as served.</summary>
public sealed record IngestedMeter(int Instances, long Bytes, string Sha256);

/// <summary>What was served.</summary>
/// <param name="Bytes">Bytes of instances that were served at least once.</param>
/// <param name="OfBytes">Total bytes of the instances.</param>
/// <param name="AtMostBytes">Upper bound of <paramref name="Bytes"/> while downloads run or after a crash.</param>
/// <param name="EgressBytes">All bytes sent, including repeated ones.</param>
/// <param name="AtMostEgressBytes">Upper bound of <paramref name="EgressBytes"/>.</param>
public sealed record ServedMeter(long Bytes, long OfBytes, long AtMostBytes, long EgressBytes, long AtMostEgressBytes);

/// <summary>The consumer's receipt.</summary>
public sealed record AcknowledgedMeter(int Instances, long Bytes, string Sha256, DateTimeOffset At);

/// <summary>A dispute about what was received, served or declared.</summary>
public sealed record Dispute(
    string Reason, string By, DateTimeOffset RaisedAt, DateTimeOffset? ConsumerAgreedAt, DateTimeOffset? ProviderAgreedAt,
    DateTimeOffset? ResolvedAt);

/// <summary>A study whose content can be fetched for a few minutes.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Url">The content's address. Anyone who has it can fetch the study, so do not log it.</param>
/// <param name="UrlExpiresAt">When the address expires.</param>
/// <param name="ExpiresInSeconds">The remaining time in seconds.</param>
/// <param name="Etag">Identifies the archive, which never changes.</param>
/// <param name="SizeBytes">Size of the archive.</param>
/// <param name="Sha256">Digest of the archive.</param>
/// <param name="ContentType">application/zip.</param>
/// <param name="Mode">Who has the key: <c>platform</c>.</param>
/// <param name="Window">When and how often it may be viewed.</param>
/// <param name="Meter">What was declared, received, served and acknowledged.</param>
/// <param name="Metadata">Known facts about the study.</param>
public sealed record OpenedTransfer(
    string TransferId, string Url, DateTimeOffset UrlExpiresAt, int ExpiresInSeconds, string Etag, long SizeBytes, string Sha256,
    string ContentType,
    string Mode, Window Window, Meter Meter, JsonElement Metadata)
{
    /// <summary>Total bytes of the instances, without the archive's framing; null for transfers of release 0.1.0.</summary>
    public long? InstancesBytes { get; init; }

    /// <summary>SHA-256 over the sorted SHA-256 of the instances, lower-case hex; null for transfers of release 0.1.0.</summary>
    public string? InstancesSha256 { get; init; }

    /// <summary>Does not show the address.</summary>
    public override string ToString() => $"OpenedTransfer {{ TransferId = {TransferId} }}";
}

/// <summary>What the consumer received. A receipt is final, so it is computed from the file itself.</summary>
/// <param name="Instances">Instances in the archive.</param>
/// <param name="Bytes">Size of the archive, or <see cref="OpenedTransfer.InstancesBytes"/> as received.</param>
/// <param name="Sha256">Digest of the archive, or <see cref="OpenedTransfer.InstancesSha256"/> as received.</param>
public sealed record Receipt(int Instances, long Bytes, string Sha256)
{
    /// <summary>Computes the receipt of a saved archive.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<Receipt> OfAsync(string file, CancellationToken cancellationToken = default)
    {
        var stream = StudyFile.At(file).Open();
        await using (stream.ConfigureAwait(false))
        {
            var digest = await SHA256.HashDataAsync(stream, cancellationToken).ConfigureAwait(false);
            return new Receipt(InstancesIn(file), stream.Length, Convert.ToHexStringLower(digest));
        }
    }

    internal static int InstancesIn(string archive)
    {
        using var zip = ZipFile.OpenRead(archive);
        return zip.Entries.Count;
    }
}

/// <summary>The consumer's signed receipt.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="Instances">Instances received.</param>
/// <param name="Bytes">Bytes received.</param>
/// <param name="Sha256">Digest of what was received.</param>
/// <param name="At">When the receipt was given.</param>
/// <param name="Matches">Whether it matches what was served.</param>
/// <param name="AuditEntry">Its entry in the audit log.</param>
/// <param name="Note">The signed note with all these facts.</param>
public sealed record SignedReceipt(
    string TransferId, int Instances, long Bytes, string Sha256, DateTimeOffset At, bool Matches, string? AuditEntry, string Note);

/// <summary>The certificate of a destruction.</summary>
/// <param name="TransferId">trf_….</param>
/// <param name="RequestId">The answered request.</param>
/// <param name="ConsumerId">The organization that asked.</param>
/// <param name="ProviderId">The organization that answered.</param>
/// <param name="Status"><c>destroying</c> or <c>destroyed</c>.</param>
/// <param name="Reason"><c>window_end</c> or <c>manual</c>.</param>
/// <param name="By"><c>window</c>, <c>consumer</c>, <c>provider</c> or <c>platform</c>.</param>
/// <param name="KeyId">The key that was destroyed.</param>
/// <param name="KeyRemovedAt">From when on nothing could be opened.</param>
/// <param name="KeyErasedAt">When the key was erased.</param>
/// <param name="BytesDeletedAt">When the bytes were deleted.</param>
/// <param name="DestroyedAt">When the destruction was verified completely.</param>
/// <param name="DeliveredAt">When the study was first viewed.</param>
/// <param name="Window">When and how often it could be viewed.</param>
/// <param name="Meter">What was declared, received, served and acknowledged.</param>
/// <param name="AuditEntry">Its entry in the audit log.</param>
/// <param name="NotCovered">What the certificate does not cover.</param>
/// <param name="Note">The signed note with all these facts; null until it is signed.</param>
/// <param name="Signature">A signed note over the certificate; null until it is signed.</param>
public sealed record DestructionCertificate(
    string TransferId, string RequestId, string ConsumerId, string ProviderId, string Status, string Reason, string By, string KeyId,
    DateTimeOffset KeyRemovedAt, DateTimeOffset? KeyErasedAt, DateTimeOffset? BytesDeletedAt, DateTimeOffset? DestroyedAt,
    DateTimeOffset? DeliveredAt,
    Window Window, Meter Meter, string? AuditEntry, IReadOnlyList<string> NotCovered, string? Note, string? Signature);
