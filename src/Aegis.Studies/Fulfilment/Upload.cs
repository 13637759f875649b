using System.Runtime.CompilerServices;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;

namespace Aegis.Studies.Fulfilment;

/// <summary>The files of one upload, in any supported format, one after the other as they arrive.</summary>
internal sealed class Upload
{
    private const string Multipart = "multipart/form-data";
    private const string Zip = "application/zip";
    private const string WindowsZip = "application/x-zip-compressed";
    private const string Dicom = "application/dicom";
    private const string Bytes = "application/octet-stream"; // curl and browsers send this for unknown file types

    private readonly UploadBody body;
    private readonly string mediaType;
    private readonly MultipartParts? parts;

    private Upload(UploadBody body, string mediaType, MultipartParts? parts, StudiesOptions limits)
    {
        this.body = body;
        this.mediaType = mediaType;
        this.parts = parts;
        Limits = limits;
    }

    /// <summary>The limits of this installation for one upload.</summary>
    public StudiesOptions Limits { get; }

    /// <summary>The sender's manifest, once <see cref="ReadManifest"/> has run; null when it sent none.</summary>
    public Manifest? Manifest { get; private set; }

    /// <summary>The number of the current file, from 1.</summary>
    public int Position { get; private set; }

    /// <summary>
    /// The name of the current file. It may contain the name of a patient, so it is shown to the sender once and never stored.
    /// </summary>
    public string FileName { get; private set; } = "";

    /// <summary>The body is a single file, so a file that is not DICOM is an error and not skipped.</summary>
    public bool IsOneFile { get; private set; }

    /// <summary>Checks the headers only. The methods below read the body.</summary>
    public static Upload Of(HttpRequest request, StudiesOptions limits, TimeProvider clock)
    {
        var type = MediaTypeHeaderValue.TryParse(request.ContentType, out var parsed) ? parsed : null;
        var mediaType = type?.MediaType.Value?.ToLowerInvariant();
        if (mediaType is not (Multipart or Zip or WindowsZip or Dicom or Bytes))
        {
            throw Refuse.UnsupportedMediaType(
                "unsupported_media_type",
                $"Send the study as {Multipart} with 'file' parts, as {Zip}, or one instance as {Dicom}. {Bytes} is accepted for both.");
        }

        var body = new UploadBody(request.Body, request.ContentLength, limits.MaxUploadBytes, limits.MaxUploadSilence, clock);
        body.RequireFits();
        return new Upload(body, mediaType, mediaType is Multipart ? new MultipartParts(type!.Boundary, body) : null, limits);
    }

    /// <summary>Reads the manifest if there is one. It can only be the first part of a multipart upload.</summary>
    public async Task ReadManifest(CancellationToken ct)
    {
        if (parts is not null) Manifest = await parts.ReadManifest(ct);
    }

    /// <summary>The files in order. Each stream is valid until the next one is requested.</summary>
    public async IAsyncEnumerable<Stream> Files([EnumeratorCancellation] CancellationToken ct)
    {
        var limits = new ZipLimits { MaxEntries = Limits.MaxFiles, MaxTotalBytes = Limits.MaxUnpackedBytes };
        await foreach (var (contentType, name, part) in Parts(ct))
        {
            using var file = await PeekedStream.Begin(part, ct);
            if (!IsZip(contentType) && !file.IsZip)
            {
                IsOneFile = parts is null;
                yield return Count(file, name);
                continue;
            }

            using var zip = new ZipForwardReader(file, limits);
            while (await zip.Next(ct) is { } entry) yield return Count(entry, zip.Name);
        }
    }

    private async IAsyncEnumerable<UploadPart> Parts([EnumeratorCancellation] CancellationToken ct)
    {
        if (parts is null)
        {
            yield return new UploadPart(mediaType, "", body);
            yield break;
        }

        while (await parts.NextFile(ct) is { } part) yield return part;
    }

    private Stream Count(Stream file, string name)
    {
        FileName = name;
        if (++Position > Limits.MaxFiles)
            throw Refuse.Unprocessable("too_many_files",
                $"The upload contains more than {Limits.MaxFiles} files. Send only the files of the study, or ask the operator to raise "
                    + "Studies:MaxFiles.");
        return file;
    }

    private static bool IsZip(string contentType) =>
        MediaTypeHeaderValue.TryParse(new StringSegment(contentType), out var type)
            && type.MediaType.Value?.ToLowerInvariant() is Zip or WindowsZip;
}

/// <summary>One file, or one zip archive, of an upload.</summary>
internal sealed record UploadPart(string ContentType, string FileName, Stream Body);
