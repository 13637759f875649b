namespace Aegis.Studies.Fulfilment;

/// <summary>
/// A sealed file that does not belong to a transfer yet. It stays open, which stops the sweep from deleting it. Disposing it before
/// <see cref="Keep"/> deletes the file.
/// </summary>
internal sealed class StoredFile(string path, SealedStudyReader reader, ContentDigest digest, ViewRule viewRule) : IDisposable
{
    private bool kept;

    /// <summary>Bytes of all instances, without the archive's framing.</summary>
    public long PayloadBytes => reader.Index.PayloadLength;

    /// <summary>Size and digest of the study as it is served.</summary>
    public ContentDigest Digest => digest;

    /// <summary>When the study counts as viewed.</summary>
    public ViewRule ViewRule => viewRule;

    /// <summary>Keeps the file, because a transfer names it or may name it. In the second case the sweep decides.</summary>
    public void Keep() => kept = true;

    public void Dispose()
    {
        reader.Dispose();
        if (!kept) File.Delete(path);
    }
}
