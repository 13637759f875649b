using System.Buffers;

namespace Aegis.Studies.Content.Archive;

/// <summary>Sends a range of an archive. One task decrypts the next 256 KiB while another sends the previous 256 KiB.</summary>
internal static class ArchiveCopy
{
    private const int BufferSize = 4 * AgePayload.ChunkSize;

    /// <summary>
    /// Sends the bytes [from, to). Calls <paramref name="served"/> for each buffer after the destination has accepted it.
    /// For a buffer that failed it reports the number of bytes without the interval.
    /// </summary>
    /// <exception cref="ContentCorruptException">A chunk does not authenticate. None of its bytes were sent.</exception>
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
                served?.Invoke(slice with { To = slice.From }); // part of it may have been sent: count it as traffic, not as served
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
            // The other task uses the cursor and the buffer until it ends, also when sending failed.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ArrayPool<byte>.Shared.Return(sending, clearArray: true);
            ArrayPool<byte>.Shared.Return(filling, clearArray: true);
        }
    }
}
