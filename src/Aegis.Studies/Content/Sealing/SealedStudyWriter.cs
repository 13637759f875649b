using System.Buffers;
using System.IO.Hashing;
using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// Writes a study into a new sealed file: the instances one after the other, then the index. It seals and writes one batch of
/// chunks while the next one fills. Disposing it before <see cref="Complete"/> deletes the file. For one caller at a time.
/// </summary>
/// <remarks>
/// How a study is stored: the upload writes each instance through an <see cref="InstanceStream"/>, and the writer encrypts the bytes
/// with <see cref="AgePayload"/> and ends the file with a <see cref="StudyIndex"/>. A download opens the file as a
/// <see cref="SealedStudyReader"/> and reads it through its own <see cref="SealedStudyCursor"/>. <see cref="StoredInstance"/> is one
/// instance as a stream, for code that parses DICOM. Every chunk is authenticated before its bytes leave the cursor; a damaged or
/// truncated file gives a <see cref="ContentCorruptException"/>. A crash before <see cref="Complete"/> leaves a file without an index,
/// which does not open and which the orphan sweep deletes.
/// </remarks>
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

    /// <summary>Creates the file, readable only by the user of this process. The file must not exist.</summary>
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

    /// <summary>Starts the next instance. Write its bytes to the returned stream.</summary>
    public Stream BeginInstance()
    {
        ObjectDisposedException.ThrowIf(disposed, this);
        if (open is not null || completed)
            throw new InvalidOperationException("The previous instance is still open, or the study is complete.");

        crc.Reset();
        length = 0;
        return open = new InstanceStream(this);
    }

    /// <summary>Ends the open instance. <paramref name="series"/> groups instances for the caller; the index stores it.</summary>
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
            throw new InvalidOperationException("An instance is still open, or the study is already complete.");

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

    // For callers that can only write synchronously. It blocks only when the disk is slower than the caller.
    internal void Append(ReadOnlySpan<byte> bytes)
    {
        crc.Append(bytes);
        length += bytes.Length;
        while (!bytes.IsEmpty)
        {
            if (filled == BatchSize)
            {
                pending.GetAwaiter().GetResult();
                StartSealing();
            }

            bytes = bytes[Fill(bytes)..];
        }
    }

    // A full batch is sealed only when more bytes follow, because Complete must seal the last chunk with a different nonce.
    private async ValueTask Store(ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        while (!bytes.IsEmpty)
        {
            if (filled == BatchSize)
            {
                await pending;
                StartSealing();
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

    private void StartSealing()
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
