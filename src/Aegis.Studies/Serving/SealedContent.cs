using System.Security.Cryptography;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Transfers;

namespace Aegis.Studies.Serving;

/// <summary>Opens the sealed study of a transfer that was loaded with its key.</summary>
internal sealed class SealedContent(ContentFolder folder, DayKeys dayKeys)
{
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
