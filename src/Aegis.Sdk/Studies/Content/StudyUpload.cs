using System.Text;

namespace Aegis.Sdk.Studies.Content;

/// <summary>
/// multipart/form-data with the manifest first, then one part for each instance. Nothing is buffered. Names of instances are not sent,
/// because they often contain patients' names.
/// </summary>
internal sealed class StudyUpload : HttpContent
{
    private readonly IReadOnlyList<StudyFile> files;
    private readonly IProgress<TransferProgress>? progress;
    private readonly byte[] head;
    private readonly byte[][] partHeads;
    private readonly byte[] tail;
    private readonly long total;

    public StudyUpload(
        IReadOnlyList<StudyFile> files, IReadOnlyList<bool> isDicom, StudyManifest manifest, IProgress<TransferProgress>? progress)
    {
        (this.files, this.progress, total) = (files, progress, files.Sum(f => f.Length));
        var boundary = $"aegis-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        var json = JsonSerializer.Serialize(manifest, CamelCaseJson.Default.StudyManifest);
        head = Encoding.ASCII.GetBytes(
            $"--{boundary}\r\nContent-Disposition: form-data; name=\"manifest\"\r\nContent-Type: application/json\r\n\r\n{json}");
        var instance = Part(boundary, "filename=\"instance.dcm\"", "application/dicom");
        partHeads = [.. files.Select((file, i) => isDicom[i] ? instance : Part(boundary, Named(file), "application/octet-stream"))];
        tail = Encoding.ASCII.GetBytes($"\r\n--{boundary}--\r\n");
        Headers.TryAddWithoutValidation("Content-Type", $"multipart/form-data; boundary={boundary}");
    }

    private static string Named(StudyFile file) => $"filename*=UTF-8''{Uri.EscapeDataString(file.Name ?? "file")}"; // RFC 8187

    private static byte[] Part(string boundary, string name, string type) =>
        Encoding.ASCII.GetBytes(
            $"\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"; {name}\r\nContent-Type: {type}\r\n\r\n");

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var sent = new SentBytes(total, progress);
        await stream.WriteAsync(head, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < files.Count; i++)
        {
            await stream.WriteAsync(partHeads[i], cancellationToken).ConfigureAwait(false);
            await sent.CopyAsync(files[i], stream, cancellationToken).ConfigureAwait(false);
        }

        await stream.WriteAsync(tail, cancellationToken).ConfigureAwait(false);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = head.Length + partHeads.Sum(p => (long)p.Length) + total + tail.Length;
        return true;
    }
}

/// <summary>Sends one file as the whole body.</summary>
internal sealed class FileUpload(StudyFile file, IProgress<TransferProgress>? progress) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken) =>
        new SentBytes(file.Length, progress).CopyAsync(file, stream, cancellationToken);

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}

/// <summary>Copies files and counts the bytes sent.</summary>
internal sealed class SentBytes(long total, IProgress<TransferProgress>? progress)
{
    private const int Piece = 128 * 1024;
    private readonly byte[] buffer = new byte[Piece];
    private long sent;

    public async Task CopyAsync(StudyFile file, Stream to, CancellationToken ct)
    {
        if (file.Length == 0) return;
        var from = file.Open();
        await using (from.ConfigureAwait(false))
        {
            var left = file.Length;
            while (left > 0)
            {
                var read = await from.ReadAsync(buffer.AsMemory(0, (int)Math.Min(left, buffer.Length)), ct).ConfigureAwait(false);
                if (read == 0) throw new IOException("A file became shorter while it was sent.");
                await to.WriteAsync(buffer.AsMemory(0, read), ct).ConfigureAwait(false);
                left -= read;
                sent += read;
                progress?.Report(new TransferProgress(sent, total));
            }
        }
    }
}
