using System.Buffers;
using System.IO.Hashing;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// Writes a study into a new sealed file: instances back to back, then the index. One batch of chunks is sealed and written
/// while the next fills. Disposed before <see cref="Complete"/> it leaves no file. For one caller at a time.
/// </summary>
internal sealed class SealedStudyWriter : IAsyncDisposable
{
    private const int BatchSize = 4 * AgePayload.ChunkSize;
    private const int SealedBatchSize = 4 * AgePayload.SealedChunkSize;

    private readonly FileStream file;
    private readonly ChaCha20Poly1305 cipher;
    private readonly List<(long Length, uint Crc32, int Series)> instances = [];
    private readonly byte[] sealedBatch = ArrayPool<byte>.Shared.Rent(SealedBatchSize);
    private byte[] filling = ArrayPool<byte>.Shared.Rent(BatchSize);
    private byte[] sealing = ArrayPool<byte>.Shared.Rent(BatchSize);
    private int filled;
    private long nextChunk;
    private long payloadLength;
    private Task pending = Task.CompletedTask;
    private InstanceStream? open;
    private readonly Crc32 crc = new();
    private long length;
    private bool completed;
    private bool disposed;

    private SealedStudyWriter(FileStream file, ReadOnlySpan<byte> fileKey)
    {
        this.file = file;
        Span<byte> nonce = stackalloc byte[AgePayload.NonceSize];
        RandomNumberGenerator.Fill(nonce);
        cipher = AgePayload.Cipher(fileKey, nonce);
        RandomAccess.Write(file.SafeFileHandle, nonce, 0);
    }

    /// <summary>Creates the file, which must not exist, readable by this process's user only.</summary>
    public static SealedStudyWriter Create(string path, ReadOnlySpan<byte> fileKey)
    {
        if (fileKey.Length != AgePayload.FileKeySize) throw new ArgumentException("A file key has 16 bytes.", nameof(fileKey));

        var options =
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        var file = new FileStream(path, options);
        try
        {
            return new SealedStudyWriter(file, fileKey);
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Starts the next instance; its bytes go into the stream.</summary>
    public Stream BeginInstance()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (open is not null || completed)
            throw new InvalidOperationException("The instance before is still open, or the study is complete.");

        crc.Reset();
        length = 0;
        return open = new InstanceStream(this);
    }

    /// <summary>Ends the instance begun last. <paramref name="series"/> groups instances for the caller; it is kept in the index.</summary>
    public StudyInstance EndInstance(int series = 0)
    {
        if (open is null) throw new InvalidOperationException("No instance is open.");

        open.End();
        open = null;
        var instance = new StudyInstance(payloadLength, length, crc.GetCurrentHashAsUInt32(), series);
        instances.Add((length, crc.GetCurrentHashAsUInt32(), series));
        payloadLength += length;
        return instance;
    }

    /// <summary>Writes the index, seals the last chunk, and flushes file and folder to disk.</summary>
    public async ValueTask Complete(CancellationToken ct)
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (open is not null || completed)
            throw new InvalidOperationException("An instance is still open, or the study is complete already.");

        foreach (var piece in new StudyIndex(instances).Pieces())
            await Store(piece, ct);
        await pending;
        ct.ThrowIfCancellationRequested();
        await Task.Run(() =>
        {
            SealBatch(filling, filled, ends: true);
            RandomAccess.FlushToDisk(file.SafeFileHandle);
            PrivateFile.SyncDirectory(Path.GetDirectoryName(file.Name)!);
        }, CancellationToken.None);

        completed = true;
        await DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (disposed) return;

        disposed = true;
        open?.End();
        await pending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cipher.Dispose();
        ArrayPool<byte>.Shared.Return(filling, clearArray: true);
        ArrayPool<byte>.Shared.Return(sealing, clearArray: true);
        ArrayPool<byte>.Shared.Return(sealedBatch, clearArray: true);
        await file.DisposeAsync();
        if (!completed)
            File.Delete(file.Name);
    }

    internal ValueTask Append(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        crc.Append(bytes.Span);
        length += bytes.Length;
        return Store(bytes, ct);
    }

    // For writers without an asynchronous way; waits only when the disk is slower than the caller.
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        crc.Append(bytes);
        length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (filled == BatchSize)
            {
                pending.GetAwaiter().GetResult();
                Turn();
            }

            bytes = bytes[Fill(bytes)..];
        }
    }

    // A full batch is sealed only when more follows: the last chunk is sealed differently, by Complete.
    private async ValueTask Store(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        while (!bytes.IsEmpty)
        {
            if (filled == BatchSize)
            {
                await pending;
                Turn();
            }

            bytes = bytes[Fill(bytes.Span)..];
        }
    }

    private int Fill(ReadOnlySpan<byte> bytes)
    {
        var count = Math.Min(BatchSize - filled, bytes.Length);
        bytes[..count].CopyTo(filling.AsSpan(filled));
        filled += count;
        return count;
    }

    private void Turn()
    {
        (filling, sealing, filled) = (sealing, filling, 0);
        pending = Task.Run(() => SealBatch(sealing, BatchSize, ends: false));
    }

    private void SealBatch(byte[] batch, int count, bool ends)
    {
        var fileOffset = AgePayload.NonceSize + nextChunk * AgePayload.SealedChunkSize;
        var size = 0;
        for (var at = 0; at < count; at += AgePayload.ChunkSize)
        {
            var chunk = batch.AsSpan(at, Math.Min(AgePayload.ChunkSize, count - at));
            var last = ends && at + chunk.Length == count;
            AgePayload.Seal(cipher, nextChunk++, last, chunk, sealedBatch.AsSpan(size));
            size += chunk.Length + AgePayload.TagSize;
        }

        RandomAccess.Write(file.SafeFileHandle, sealedBatch.AsSpan(0, size), fileOffset);
    }
}
