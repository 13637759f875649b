using System.Buffers;

namespace Aegis.Sdk.Studies.Content;

/// <summary>
/// Downloads one archive to a file: <see cref="TargetFile"/> checks the target, <see cref="ContentAnswer"/> fetches, and the bytes are
/// hashed as they are written to a <c>.part</c> file. It reconnects and resumes when the connection breaks. It fails when the digest
/// differs, the disk is full, or the host stays unreachable.
/// </summary>
internal sealed class StudyDownload(Caller caller, TransfersApi transfers, string id, string file, IProgress<TransferProgress>? progress)
{
    private const int Piece = 128 * 1024;
    private const int DigestLength = 64;
    private const int MaxBreaks = 8; // consecutive breaks without a byte between them
    private static readonly TimeSpan Stall = TimeSpan.FromSeconds(60); // a connection without data for this long counts as broken
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task<DownloadedStudy> RunAsync(CancellationToken ct)
    {
        var target = TargetFile.At(file);
        var opened = await transfers.OpenAsync(id, ct).ConfigureAwait(false);
        // The digest becomes part of a file name.
        if (opened.Sha256 is not { Length: DigestLength } || !opened.Sha256.All(char.IsAsciiHexDigitLower))
            throw new AegisProtocolException("The host announced no SHA-256 of the archive.");
        _ = ContentAnswer.AddressOf(caller, opened); // refuses a bad address before anything is created
        if (Path.GetDirectoryName(target) is { Length: > 0 } folder) Directory.CreateDirectory(folder);
        var part = $"{target}.{opened.Sha256[..16]}.part"; // unique to this archive
        try
        {
            (var resumed, opened) = await FillAsync(part, opened, ct).ConfigureAwait(false);
            var instances = Receipt.InstancesIn(part);
            File.Move(part, target, overwrite: true);
            return new DownloadedStudy(target, new Receipt(instances, opened.SizeBytes, opened.Sha256), resumed, opened);
        }
        catch (AegisDigestException)
        {
            File.Delete(part);
            throw;
        }
    }

    private async Task<(long Resumed, OpenedTransfer Opened)> FillAsync(string part, OpenedTransfer opened, CancellationToken ct)
    {
        var stream = Open(part);
        await using (stream.ConfigureAwait(false))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var resumed = await ResumeAsync(stream, hash, opened.SizeBytes, ct).ConfigureAwait(false);
            opened = await FetchAsync(opened, stream, hash, ct).ConfigureAwait(false);
            stream.Flush(flushToDisk: true);
            var digest = Convert.ToHexStringLower(hash.GetHashAndReset());
            if (digest != opened.Sha256)
                throw new AegisDigestException($"The archive's digest is {digest}, but {opened.Sha256} was announced. Download it again.");
            return (resumed, opened);
        }
    }

    private static FileStream Open(string part)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
            BufferSize = 0,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        return new FileStream(part, options);
    }

    /// <summary>Hashes the bytes of an earlier download, so that the digest covers them.</summary>
    private static async Task<long> ResumeAsync(FileStream stream, IncrementalHash hash, long size, CancellationToken ct)
    {
        if (stream.Length > size) stream.SetLength(0);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer.AsMemory(0, Piece), ct).ConfigureAwait(false)) > 0)
                hash.AppendData(buffer, 0, read);
            return stream.Length;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Fetches the remaining bytes, with as many connections and addresses as needed.</summary>
    private async Task<OpenedTransfer> FetchAsync(OpenedTransfer opened, FileStream stream, IncrementalHash hash, CancellationToken ct)
    {
        progress?.Report(new TransferProgress(stream.Position, opened.SizeBytes));
        for (var breaks = 0; stream.Position < opened.SizeBytes;)
        {
            var before = stream.Position;
            try
            {
                using var response = await ContentAnswer.GetAsync(caller, opened, before, ct).ConfigureAwait(false);
                await CopyAsync(response, stream, hash, opened.SizeBytes, ct).ConfigureAwait(false);
                if (stream.Position < opened.SizeBytes) throw new IOException("The connection ended early.");
            }
            catch (AegisForbiddenException expired) when (expired.Code == "ticket_expired" && breaks < MaxBreaks)
            {
                breaks++;
                var again = await transfers.OpenAsync(id, ct).ConfigureAwait(false);
                if (again.Sha256 != opened.Sha256) throw new AegisProtocolException("The archive changed while it was downloaded.");
                opened = again;
            }
            catch (Exception broken) when (IsConnectionError(broken) && !ct.IsCancellationRequested)
            {
                breaks = stream.Position > before ? 1 : breaks + 1;
                if (breaks > MaxBreaks) throw new AegisUnreachableException(caller.BaseAddress, broken);
                await Task.Delay(Pause * breaks, caller.Clock, ct).ConfigureAwait(false);
            }
        }

        return opened;
    }

    private async Task CopyAsync(HttpResponseMessage response, FileStream to, IncrementalHash hash, long size, CancellationToken ct)
    {
        var from = await response.Content.ReadAsStreamAsync(ct).ConfigureAwait(false);
        var buffer = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            while (true)
            {
                var read = await ReadAsync(from, buffer.AsMemory(0, Piece), ct).ConfigureAwait(false);
                if (read == 0) return;
                if (to.Position + read > size) throw new AegisDigestException("The archive is longer than the host announced.");
                await WriteAsync(to, buffer.AsMemory(0, read), ct).ConfigureAwait(false);
                hash.AppendData(buffer, 0, read);
                progress?.Report(new TransferProgress(to.Position, size));
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool IsConnectionError(Exception broken) =>
        broken is IOException and not DiskException or HttpRequestException or TimeoutException;

    /// <summary>
    /// A full disk must not look like a broken connection: asking again does not help, and the host would count all bytes as sent.
    /// </summary>
    private static async ValueTask WriteAsync(FileStream to, ReadOnlyMemory<byte> bytes, CancellationToken ct)
    {
        try
        {
            await to.WriteAsync(bytes, ct).ConfigureAwait(false);
        }
        catch (IOException full)
        {
            throw new DiskException(full);
        }
    }

    private static async ValueTask<int> ReadAsync(Stream from, Memory<byte> buffer, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(Stall);
        try
        {
            return await from.ReadAsync(buffer, limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw new TimeoutException("The host sent nothing for a minute.");
        }
    }

    private sealed class DiskException(IOException failure) : IOException(failure.Message, failure);
}
