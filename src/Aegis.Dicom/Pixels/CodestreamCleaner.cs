namespace Aegis.Dicom.Pixels;

/// <summary>
/// Reads the codestream of one frame as it streams and overwrites in place what no decoder uses for the picture: comments,
/// application data, bytes after the end. It never shortens anything, so offset tables stay valid and decoded samples stay the same.
/// <see cref="PixelPass"/> says where a frame begins; a cleaner knows only its codestream.
/// </summary>
internal abstract class CodestreamCleaner
{
    /// <summary>Non-zero bytes were overwritten.</summary>
    public bool Cleared { get; private set; }

    /// <summary>
    /// Some of them were before the first frame or after the end of a frame. If frames are missing, they may have been part of one.
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

    /// <summary>Overwrites the bytes with zeros.</summary>
    public void Clear(Span<byte> bytes)
    {
        Cleared |= bytes.IndexOfAnyExcept((byte)0) >= 0;
        bytes.Clear();
    }

    /// <summary>Overwrites bytes that are outside every frame.</summary>
    protected int ClearOutside(Span<byte> bytes)
    {
        ClearedOutside |= bytes.IndexOfAnyExcept((byte)0) >= 0;
        Clear(bytes);
        return bytes.Length;
    }

    /// <summary>Treats the next bytes and returns how many, at least one.</summary>
    protected abstract int Step(Span<byte> bytes);
}
