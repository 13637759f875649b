using Microsoft.Win32.SafeHandles;

namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// An open sealed study. Any number of downloads can use it at once, each with its own <see cref="Cursor"/>.
/// Opening authenticates the index at the end of the file, so a truncated file does not open.
/// </summary>
internal sealed class SealedStudyReader : IDisposable
{
    private readonly SafeFileHandle file;
    private readonly byte[] fileKey;
    private readonly byte[] nonce = new byte[AgePayload.NonceSize];
    private long lastChunk;
    private bool disposed;

    private SealedStudyReader(SafeFileHandle file, ReadOnlySpan<byte> fileKey)
    {
        this.file = file;
        this.fileKey = fileKey.ToArray();
    }

    public long PlaintextLength { get; private set; }

    public StudyIndex Index { get; private set; } = new([]);

    /// <exception cref="ContentCorruptException">The file is not a complete study that was sealed with this key.</exception>
    public static SealedStudyReader Open(string path, ReadOnlySpan<byte> fileKey)
    {
        var reader =
            new SealedStudyReader(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete), fileKey);
        try
        {
            reader.Measure();
            reader.Index = reader.ReadIndex();
            return reader;
        }
        catch
        {
            reader.Dispose();
            throw;
        }
    }

    /// <summary>Creates a cursor for one caller at a time. Dispose it before the reader.</summary>
    public SealedStudyCursor Cursor()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        return new SealedStudyCursor(file, AgePayload.Cipher(fileKey, nonce), lastChunk, PlaintextLength);
    }

    public void Dispose()
    {
        disposed = true;
        CryptographicOperations.ZeroMemory(fileKey);
        file.Dispose();
    }

    private void Measure()
    {
        var bytes = RandomAccess.GetLength(file) - AgePayload.NonceSize;
        lastChunk = Math.Max(0, (bytes - 1) / AgePayload.SealedChunkSize);
        PlaintextLength = bytes - (lastChunk + 1) * AgePayload.TagSize;
        var sizeOfLast = bytes - lastChunk * AgePayload.SealedChunkSize;
        if (sizeOfLast <= AgePayload.TagSize || PlaintextLength < StudyIndex.FooterSize) throw new ContentCorruptException(lastChunk);

        if (RandomAccess.Read(file, nonce, 0) < nonce.Length) throw new ContentCorruptException(0);
    }

    private StudyIndex ReadIndex()
    {
        using var cursor = Cursor();
        Span<byte> footer = stackalloc byte[StudyIndex.FooterSize];
        cursor.Read(PlaintextLength - footer.Length, footer);
        if (StudyIndex.SizeFrom(footer, PlaintextLength) is not { } size) throw new ContentCorruptException(lastChunk);

        var bytes = new byte[size];
        cursor.Read(PlaintextLength - size, bytes);
        return StudyIndex.Read(bytes, PlaintextLength - size) ?? throw new ContentCorruptException(lastChunk);
    }
}
