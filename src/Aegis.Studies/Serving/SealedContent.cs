using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Serving;

/// <summary>Opens the sealed study of a transfer that was loaded with its key.</summary>
internal sealed class SealedContent(ContentFolder folder, DayKeys dayKeys)
{
    public static bool IsUnreadable(Exception e) =>
        e is IOException or UnauthorizedAccessException or ContentCorruptException or CryptographicException;

    /// <summary>The refusal when the stored study is missing or damaged.</summary>
    public static RefusedException Unreadable() => Refuse.Unavailable(
        "content_unreadable",
        "The stored study cannot be read, so it was not served. Tell the operator. The provider can send it again.");

    public SealedStudyReader Open(Transfer transfer)
    {
        var key = transfer.Key ?? throw new InvalidOperationException("Load the key with the transfer.");
        var fileKey = dayKeys.Open(transfer.Study.KeyDay, key.SealedFileKey, new SealedFor("content", transfer.Id));
        try
        {
            return SealedStudyReader.Open(folder.PathOf(transfer.Study.FileName), fileKey);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(fileKey);
        }
    }
}
