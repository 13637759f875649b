using System.Buffers;

namespace Aegis.Studies.Content.Serving;

/// <summary>Sends a range of an archive: the next 256 KiB are decrypted on another task while the last are being sent.</summary>
internal static class ArchiveCopy
{
    private const int BufferSize = 4 * AgePayload.ChunkSize;

    /// <summary>
    /// Sends the bytes [from, to). <paramref name="served"/> is told of each buffer after the destination has taken it;
    /// of one that it did not take whole, the bytes without their place.
    /// </summary>
    /// <exception cref="ContentCorruptException">A chunk does not authenticate; nothing of it was sent.</exception>
    public static async Task Copy(
        this StudyArchive archive, long from, long to, SealedStudyReader reader, Stream destination, Action<ServedSlice>? served,
        CancellationToken ct)
    {
        using var cursor = reader.Cursor();
        using var segments = archive.Segments(from, to).GetEnumerator();
        var source = new ArchiveSource(segments, cursor);
        await Pump(source, async (bytes, slice) =>
        {
            try
            {
                await destination.WriteAsync(bytes, ct);
            }
            catch
            {
                served?.Invoke(slice with { To = slice.From }); // part of it may have gone out: traffic, but not known to be served
                throw;
            }

            served?.Invoke(slice);
        }, ct);
    }

    public static async Task Pump(ArchiveSource source, Func<ReadOnlyMemory<byte>, ServedSlice, ValueTask> send, CancellationToken ct)
    {
        var sending = ArrayPool<byte>.Shared.Rent(BufferSize);
        var filling = ArrayPool<byte>.Shared.Rent(BufferSize);
        var next = Task.FromResult(default(ServedSlice));
        try
        {
            var slice = source.Fill(sending.AsSpan(0, BufferSize));
            while (slice.Bytes > 0)
            {
                ct.ThrowIfCancellationRequested();
                var free = filling;
                next = slice.Bytes < BufferSize
                    ? Task.FromResult(default(ServedSlice))
                    : Task.Run(() => source.Fill(free.AsSpan(0, BufferSize)), CancellationToken.None);
                await send(sending.AsMemory(0, slice.Bytes), slice);
                slice = await next;
                (sending, filling) = (filling, sending);
            }
        }
        finally
        {
            // The cursor and the buffer are in use until the other task ends, also when sending failed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(sending, clearArray: true);
            ArrayPool<byte>.Shared.Return(filling, clearArray: true);
        }
    }
}
