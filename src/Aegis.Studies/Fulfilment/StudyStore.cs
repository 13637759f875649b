namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Puts sealed studies on disk and reads them back. A disk that fails at either is refused with storage_unavailable and leaves nothing.
/// </summary>
internal sealed class StudyStore(ContentFolder folder, ILogger<StudyStore> log)
{
    /// <summary>Writes what <paramref name="pass"/> gives the writer into a new file.</summary>
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

    /// <summary>Seals the study's key under the key of its day, which is a file too.</summary>
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

    /// <summary>Authenticates and digests what is on disk; the file stays open.</summary>
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

    // A folder that may not be written is as good as one that is full.
    private static bool IsDisk(Exception e) => e is IOException or UnauthorizedAccessException;

    private RefusedException Refused(string fileName, Exception e)
    {
        Log.NotStored(log, fileName, e.GetType().Name, e);
        return InstanceTarget.NoRoom();
    }

    private void Discard(string fileName)
    {
        try
        {
            folder.Delete(fileName);
        }
        catch (Exception e) when (IsDisk(e))
        {
            Log.OrphanStays(log, fileName, e.GetType().Name); // for the sweep, and no reason to answer otherwise
        }
    }
}
