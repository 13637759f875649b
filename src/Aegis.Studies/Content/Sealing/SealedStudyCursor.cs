using System.Buffers;
using Microsoft.Win32.SafeHandles;

namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// Reads the plaintext of a sealed study from any offset and authenticates every chunk it reads. A read that continues the last one
/// fetches four chunks at a time; a read elsewhere fetches one. For one caller at a time.
/// </summary>
internal sealed class SealedStudyCursor(SafeFileHandle file, ChaCha20Poly1305 cipher, long lastChunk, long plaintextLength) : IDisposable
{
    private const int ChunksAhead = 4;

    private readonly byte[] fetched = ArrayPool<byte>.Shared.Rent(ChunksAhead * AgePayload.SealedChunkSize);
    private readonly byte[] opened = ArrayPool<byte>.Shared.Rent(AgePayload.ChunkSize);
    private long firstFetched;
    private int fetchedBytes;
    private long openedChunk = -1;
    private bool disposed;

    /// <summary>Fills <paramref name="destination"/> with the plaintext that starts at <paramref name="offset"/>.</summary>
    public void Read(long offset, Span<byte> destination)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(destination.Length, plaintextLength - offset, nameof(destination));

        while (!destination.IsEmpty)
        {
            var (chunk, within) = Math.DivRem(offset, AgePayload.ChunkSize);
            var count = (int)Math.Min(LengthOf(chunk) - within, destination.Length);
            if (count == LengthOf(chunk) && chunk != openedChunk)
            {
                Open(chunk, destination);
            }
            else
            {
                EnsureOpened(chunk);
                opened.AsSpan((int)within, count).CopyTo(destination);
            }

            offset += count;
            destination = destination[count..];
        }
    }

    public void Dispose()
    {
        if (disposed) return;

        disposed = true;
        cipher.Dispose();
        ArrayPool<byte>.Shared.Return(fetched, clearArray: true);
        ArrayPool<byte>.Shared.Return(opened, clearArray: true);
    }

    private int LengthOf(long chunk) =>
        (int)Math.Min(AgePayload.ChunkSize, plaintextLength - chunk * AgePayload.ChunkSize);

    private void EnsureOpened(long chunk)
    {
        if (chunk == openedChunk) return;

        openedChunk = -1;
        Open(chunk, opened);
        openedChunk = chunk;
    }

    private void Open(long chunk, Span<byte> destination)
    {
        var length = LengthOf(chunk) + AgePayload.TagSize;
        var at = (chunk - firstFetched) * AgePayload.SealedChunkSize;
        if (at < 0 || at + length > fetchedBytes)
        {
            Fetch(chunk, length);
            at = 0;
        }

        AgePayload.Open(cipher, chunk, chunk == lastChunk, fetched.AsSpan((int)at, length), destination);
    }

    private void Fetch(long chunk, int atLeast)
    {
        var isNext = fetchedBytes > 0 && chunk == firstFetched + fetchedBytes / AgePayload.SealedChunkSize;
        var wanted = isNext ? ChunksAhead * AgePayload.SealedChunkSize : atLeast;
        var position = AgePayload.NonceSize + chunk * AgePayload.SealedChunkSize;
        (firstFetched, fetchedBytes) = (chunk, 0);
        while (fetchedBytes < wanted)
        {
            var count = RandomAccess.Read(file, fetched.AsSpan(fetchedBytes, wanted - fetchedBytes), position + fetchedBytes);
            if (count == 0) break;

            fetchedBytes += count;
        }

        if (fetchedBytes < atLeast) throw new ContentCorruptException(chunk);
    }
}
