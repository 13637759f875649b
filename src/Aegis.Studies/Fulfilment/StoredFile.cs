namespace Aegis.Studies.Fulfilment;

/// <summary>
/// A sealed file that belongs to no transfer yet. It stays open until then, which keeps the sweep away from it; disposed before
/// <see cref="Keep"/> it is deleted.
/// </summary>
internal sealed class StoredFile(string path, SealedStudyReader reader, ContentDigest digest, ViewRule viewRule) : IDisposable
{
    private bool kept;

    /// <summary>Bytes of all instances, without the archive's framing.</summary>
    public long PayloadBytes => reader.Index.PayloadLength;

    /// <summary>Size and digest of the study as it is served.</summary>
    public ContentDigest Digest => digest;

    /// <summary>When the study has been viewed.</summary>
    public ViewRule ViewRule => viewRule;

    /// <summary>A transfer names the file, or may: then the sweep decides.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        reader.Dispose();
        if (!kept) File.Delete(path);
    }
}
