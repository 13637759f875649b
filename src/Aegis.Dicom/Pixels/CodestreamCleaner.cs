namespace Aegis.Dicom.Pixels;

/// <summary>
/// Walks the codestream of one frame while it streams by and overwrites, in place, what no decoder turns into a picture: comments,
/// application data, bytes behind the end. Nothing is ever shortened, so that offset tables stay valid and every decoded sample the same.
/// <see cref="PixelPass"/> says where a frame begins; a cleaner knows only its codestream.
/// </summary>
internal abstract class CodestreamCleaner
{
    /// <summary>Something other than zeros was overwritten.</summary>
    public bool Cleared { get; private set; }

    /// <summary>
    /// Some of it stood before the first frame or behind the end of one: where frames are missing, it may have been theirs.
    /// </summary>
    public bool ClearedOutside { get; private set; }

    /// <summary>The bytes begin a frame.</summary>
    public abstract bool IsStart(ReadOnlySpan<byte> head);

    /// <summary>The next bytes begin a frame.</summary>
    public abstract void Begin();

    /// <summary>The next bytes of the frame.</summary>
    public void Pass(Span<byte> bytes)
    {
        while (!bytes.IsEmpty) bytes = bytes[Step(bytes)..];
    }

    /// <summary>Overwrites bytes with zeros.</summary>
    public void Clear(Span<byte> bytes)
    {
        Cleared |= bytes.IndexOfAnyExcept((byte)0) >= 0;
        bytes.Clear();
    }

    /// <summary>Overwrites bytes that belong to no frame.</summary>
    protected int ClearOutside(Span<byte> bytes)
    {
        ClearedOutside |= bytes.IndexOfAnyExcept((byte)0) >= 0;
        Clear(bytes);
        return bytes.Length;
    }

    /// <summary>Walks on and returns how many bytes it took, at least one.</summary>
    protected abstract int Step(Span<byte> bytes);
}
