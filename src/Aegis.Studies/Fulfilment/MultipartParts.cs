using Aegis.Dicom.Part10;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Aegis.Studies.Fulfilment;

/// <summary>Reads the parts of multipart/form-data (RFC 7578) as they arrive: an optional 'manifest' first, then 'file' parts.</summary>
internal sealed class MultipartParts
{
    private const int BufferSize = 128 * 1024; // every buffer is searched for the boundary, so fewer and larger buffers are faster
    private const int MaxBoundaryLength = 70; // RFC 2046 §5.1.1
    private const string ManifestName = "manifest";
    private const string FileName = "file";

    private readonly UploadBody body;
    private readonly MultipartReader reader;
    private MultipartSection? first;
    private bool started;

    public MultipartParts(StringSegment boundary, UploadBody body)
    {
        var text = HeaderUtilities.RemoveQuotes(boundary).Value;
        if (string.IsNullOrEmpty(text) || text.Length > MaxBoundaryLength)
            throw Invalid("its Content-Type must name a boundary of 1 to 70 characters");

        this.body = body;
        reader = new MultipartReader(text, body, BufferSize) { BodyLengthLimit = null };
    }

    /// <summary>The manifest, or null when the first part is not a manifest.</summary>
    public async Task<Manifest?> ReadManifest(CancellationToken ct)
    {
        started = true;
        first = await Next(ct);
        if (first is null || NameOf(first) != ManifestName) return null;

        var json = new byte[Manifest.MaxBytes + 1];
        var count = await ReadOrRefuse(() => first.Body.ReadAtLeastAsync(json, json.Length, throwOnEndOfStream: false, ct).AsTask());
        if (count > Manifest.MaxBytes)
            throw Refuse.Unprocessable("manifest_invalid", $"The manifest may have at most {Manifest.MaxBytes} bytes.");
        first = null;
        return Manifest.Read(json.AsSpan(0, count));
    }

    /// <summary>The next file with its content type and name, or null after the last.</summary>
    public async Task<UploadPart?> NextFile(CancellationToken ct)
    {
        if (!started) throw new InvalidOperationException("The manifest comes before the files.");
        var section = first ?? await Next(ct);
        first = null;
        if (section is null) return null;
        return NameOf(section) switch
        {
            FileName => new UploadPart(section.ContentType ?? "", FileNameOf(section), new Part(section.Body, this)),
            ManifestName => throw Invalid("only the first part may be named 'manifest'"),
            _ => throw Invalid("its parts must be named 'file', except a first part named 'manifest'"),
        };
    }

    private Task<MultipartSection?> Next(CancellationToken ct) => ReadOrRefuse(() => reader.ReadNextSectionAsync(ct));

    // The type is case-insensitive (RFC 2183 §2.1). The names of fields are case-sensitive.
    private static ContentDispositionHeaderValue? DispositionOf(MultipartSection section) =>
        ContentDispositionHeaderValue.TryParse(section.ContentDisposition, out var disposition)
        && disposition.DispositionType.Equals("form-data", StringComparison.OrdinalIgnoreCase) ? disposition : null;

    private static string? NameOf(MultipartSection section) => HeaderUtilities.RemoveQuotes(DispositionOf(section)?.Name ?? default).Value;

    private static string FileNameOf(MultipartSection section)
    {
        var disposition = DispositionOf(section);
        var name = disposition?.FileNameStar.Value ?? HeaderUtilities.RemoveQuotes(disposition?.FileName ?? default).Value;
        return ZipEntryName.Show(name ?? "");
    }

    /// <summary>Turns the two exceptions of the reader into refusals. Failures of the connection pass through.</summary>
    private async Task<T> ReadOrRefuse<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (InvalidDataException)
        {
            throw Invalid("a part has no headers, too many, or too long ones");
        }
        catch (IOException e) when (e is not BadHttpRequestException && body.Ended)
        {
            throw Refuse.Unprocessable("upload_truncated", "The upload ends before its closing boundary. Send it again.");
        }
    }

    private static RefusedException Invalid(string what) =>
        Refuse.Unprocessable("multipart_invalid", $"The upload is not valid multipart/form-data: {what}.");

    /// <summary>The body of a part. The reader finds its end.</summary>
    private sealed class Part(Stream part, MultipartParts parts) : ForwardStream
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var reading = part.ReadAsync(buffer, cancellationToken);
            return reading.IsCompletedSuccessfully ? reading : new(parts.ReadOrRefuse(reading.AsTask));
        }
    }
}
