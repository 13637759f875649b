namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Writes sealed studies to disk and reads them back. If the disk fails, the upload is refused with storage_unavailable and nothing is
/// kept.
/// </summary>
internal sealed class StudyStore(ContentFolder folder, ILogger<StudyStore> log)
{
    /// <summary>Creates a file and lets <paramref name="pass"/> write the study into it.</summary>
    public async Task<Manifest> Write(
        string fileName, byte[] fileKey, Func<SealedStudyWriter, Task<Manifest>> pass, CancellationToken ct)
    {
        await using var writer = Begin(fileName, fileKey);
        var declared = await pass(writer);
        try
        {
            await writer.Complete(ct);
            return declared;
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Refused(fileName, e);
        }
    }

    /// <summary>Seals the study's key under the key of its day, which is also a file.</summary>
    public byte[] SealKey(string fileName, Func<byte[]> seal)
    {
        try
        {
            return seal();
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Refused(fileName, e);
        }
    }

    /// <summary>Authenticates and digests the file on disk. The file stays open.</summary>
    public async Task<StoredFile> ReadBack(string fileName, byte[] fileKey, CancellationToken ct)
    {
        SealedStudyReader? reader = null;
        try
        {
            reader = SealedStudyReader.Open(folder.PathOf(fileName), fileKey);
            var digest = await ContentDigest.Compute(new StudyArchive(reader.Index), reader, ct);
            return new StoredFile(folder.PathOf(fileName), reader, digest, await ViewRule.Read(reader, ct));
        }
        catch (Exception e)
        {
            reader?.Dispose();
            Discard(fileName);
            if (!IsDisk(e) && e is not ContentCorruptException) throw;
            throw Refused(fileName, e);
        }
    }

    private SealedStudyWriter Begin(string fileName, byte[] fileKey)
    {
        try
        {
            folder.Create();
            return SealedStudyWriter.Create(folder.PathOf(fileName), fileKey);
        }
        catch (Exception e) when (IsDisk(e))
        {
            throw Refused(fileName, e);
        }
    }

    // A folder that is not writable is treated like a full disk.
    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private RefusedException Refused(string fileName, Exception e)
    {
        Log.NotStored(log, fileName, e.GetType().Name, e);
        return InstanceTarget.StorageUnavailable();
    }

    private void Discard(string fileName)
    {
        try
        {
            folder.Delete(fileName);
        }
        catch (Exception e) when (IsDisk(e))
        {
            Log.OrphanStays(log, fileName, e.GetType().Name); // the sweep deletes it later; the answer stays the same
        }
    }
}
