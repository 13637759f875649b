using System.Security.Cryptography;
using Aegis.Dicom;
using Aegis.Dicom.Deidentification;
using Aegis.Kernel.Refusals;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The one pass over an upload: each file is hashed while it is read, de-identified while it is parsed, and sealed while it is written.
/// Nothing identified is kept anywhere but in the buffers in between.
/// </summary>
internal sealed class UploadPass(Upload upload, Deidentifier deidentifier, string? patientKey)
{
    private readonly DeclaredDigest declared = new();
    private long inflated;

    /// <summary>Files that were passed over: what systems leave in folders, and no DICOM.</summary>
    public int Ignored { get; private set; }

    /// <summary>Runs the pass to the end of the upload and compares it with its manifest.</summary>
    /// <param name="writer">Where the de-identified instances go; null drops them.</param>
    /// <param name="judge">Sees each instance once, with its position; returns the number of its series.</param>
    /// <param name="ct">Stops between two pieces.</param>
    /// <returns>What came in.</returns>
    public async Task<Manifest> Run(SealedStudyWriter? writer, Func<InstanceReport, int, int> judge, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await foreach (var file in upload.Files(ct)) await Take(file, hash, writer, judge, ct);
        }
        catch (DicomException e)
        {
            throw Where(Refuse.Unprocessable(e.Code, $"File {upload.Position} of the upload cannot be taken as DICOM. {e.Message}{Advice(e)}")
                .With("offset", e.Offset).With("tag", e.Tag is { } tag ? $"{tag >> 16:X4},{tag & 0xFFFF:X4}" : null));
        }
        catch (ContentException e)
        {
            throw Where(Refuse.Unprocessable(e.Code, e.Message));
        }

        if (declared.Instances == 0)
            throw Refuse.Unprocessable("no_instances", "The upload holds no DICOM instance. Send the study's Part 10 files.");
        var received = declared.ToManifest();
        upload.Manifest?.RequireEqual(received);
        return received;
    }

    private async Task Take(
        Stream file, IncrementalHash hash, SealedStudyWriter? writer, Func<InstanceReport, int, int> judge, CancellationToken ct)
    {
        var source = new HashedSource(file, hash);
        using var target = new InstanceTarget(writer);
        InstanceReport instance;
        try
        {
            instance = await deidentifier.Apply(source, target, patientKey, ct);
        }
        catch (DicomException e) when (e.Code == DicomErrors.Directory || (e.Code == DicomErrors.NotDicom && upload.IsClutter))
        {
            // A DICOMDIR lists the files of a medium with their patients; it is no instance, and media hold one.
            if (e.Code == DicomErrors.NotDicom) Ignored++;
            hash.GetHashAndReset();
            return;
        }

        var digest = await source.Finish(ct);
        declared.Add(digest, source.Bytes);
        inflated += Math.Max(0, instance.BytesRead - source.Bytes); // a deflated data set is an archive too
        var most = upload.Limits.MaxUnpackedBytes;
        if (declared.Bytes + inflated > most) throw new ContentException("upload_too_large_unpacked", $"The upload unpacks to more than {most} bytes.");
        target.End(judge(instance, upload.Position));
    }

    // What people send by mistake: a zip without its type, or a folder with more in it than the study.
    private static string Advice(DicomException e) => e.Code switch
    {
        DicomErrors.NotDicom => " Send instances only, without other files; a zip needs the Content-Type application/zip, as a part too.",
        DicomErrors.MetaMissing or DicomErrors.PreambleMissing => " Write it again as a Part 10 file, for example with dcmconv +F.",
        _ => "",
    };

    private RefusedException Where(RefusedException refused) => upload.Position == 0 ? refused : refused.With("position", upload.Position);
}
