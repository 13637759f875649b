using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The single pass over an upload. Each file is hashed while it is read, de-identified while it is parsed, and sealed while it is
/// written. Identified data is only ever in the buffers between these steps.
/// </summary>
internal sealed class UploadPass(Upload upload, Deidentifier deidentifier, bool isStrict = false)
{
    private readonly DeclaredDigest declared = new();
    private readonly Dictionary<string, byte[]> seen = new(StringComparer.Ordinal); // SOP Instance UID to digest of the file
    private long unpacked;

    /// <summary>Files that were skipped because they are not DICOM.</summary>
    public IgnoredFiles Ignored { get; } = new();

    /// <summary>Reads the upload to its end and compares it with its manifest.</summary>
    /// <param name="writer">Takes the de-identified instances; null drops them.</param>
    /// <param name="onInstance">Called once for each instance; returns the number of its series.</param>
    /// <param name="ct">Stops between two buffers.</param>
    /// <returns>The received instances, as a manifest.</returns>
    public async Task<Manifest> Run(SealedStudyWriter? writer, Func<ReceivedInstance, int> onInstance, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await foreach (var file in upload.Files(ct)) await Take(file, hash, writer, onInstance, ct);
        }
        catch (DicomException e)
        {
            throw WithPosition(
                Refuse.Unprocessable(e.Code, $"File {upload.Position} of the upload cannot be read as DICOM. {e.Message}{Advice(e)}")
                .With("offset", e.Offset).With("tag", e.Tag is { } tag ? $"{tag >> 16:X4},{tag & 0xFFFF:X4}" : null));
        }
        catch (ContentException e)
        {
            throw WithPosition(Refuse.Unprocessable(e.Code, e.Message));
        }

        if (declared.Instances == 0)
            throw Refuse.Unprocessable("no_instances", "The upload contains no DICOM instance. Send the study's Part 10 files.");
        var received = declared.ToManifest();
        if (upload.Manifest is { } manifest && manifest != received && manifest != declared.ToManifestOfFiles())
            manifest.RequireEqual(received);
        return received;
    }

    private async Task Take(
        Stream file, IncrementalHash hash, SealedStudyWriter? writer, Func<ReceivedInstance, int> onInstance, CancellationToken ct)
    {
        var source = new HashedSource(file, hash);
        using var target = new InstanceTarget(writer);
        byte[]? earlier = null;
        InstanceReport instance;
        try
        {
            instance = await deidentifier.Apply(source, target, ct, Begin);
        }
        catch (DicomException e)
            when (e.Code == DicomErrors.Directory || (e.Code == DicomErrors.NotDicom && !isStrict && !upload.IsOneFile))
        {
            // A DICOMDIR lists the files and patients of a medium. It is not an instance, and exported media usually have one.
            if (e.Code == DicomErrors.NotDicom) Ignored.Add(upload.FileName);
            hash.GetHashAndReset();
            return;
        }

        var digest = await source.Finish(ct);
        unpacked += Math.Max(instance.BytesRead, source.Bytes); // a deflated data set also unpacks to more than its file
        var max = upload.Limits.MaxUnpackedBytes;
        if (unpacked > max)
            throw new ContentException("upload_too_large_unpacked",
                $"The upload unpacks to more than {max} bytes. Send a smaller study, or ask the operator to raise "
                    + "Studies:MaxUnpackedBytes.");
        if (earlier is not null)
        {
            TakeDuplicate(earlier, digest, source.Bytes);
            return;
        }

        seen.Add(instance.SopInstanceUid, digest);
        declared.Add(digest, source.Bytes);
        target.End(onInstance(new ReceivedInstance(instance, digest, upload.Position)));

        void Begin(string sopInstanceUid)
        {
            if (seen.TryGetValue(sopInstanceUid, out earlier)) target.Discard();
        }
    }

    // People copy a study into a folder that already contains it. An identical file is skipped; a different one with its UID is refused.
    private void TakeDuplicate(byte[] earlier, byte[] digest, long length)
    {
        if (!digest.AsSpan().SequenceEqual(earlier))
            throw WithPosition(Refuse.Unprocessable(
                "duplicate_instance", "Two files of the upload have the same SOP Instance UID but differ. Remove the wrong one."));
        declared.AddDuplicate(digest, length);
    }

    // For common mistakes.
    private static string Advice(DicomException e) => e.Code switch
    {
        DicomErrors.NotDicom => " Send Part 10 files, or a zip archive of them.",
        DicomErrors.MetaMissing or DicomErrors.PreambleMissing => " Write it again as a Part 10 file, for example with dcmconv +F.",
        _ => "",
    };

    private RefusedException WithPosition(RefusedException refused) =>
        upload.Position == 0 ? refused : refused.With("position", upload.Position);
}

/// <summary>One instance of an upload.</summary>
/// <param name="Report">What the de-identifier found and changed.</param>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Position">The number of the file in the upload, from 1.</param>
internal sealed record ReceivedInstance(InstanceReport Report, byte[] Digest, int Position)
{
    public override string ToString() => $"{Position}";
}

/// <summary>
/// Files of an upload that are not DICOM. Their names are returned to the sender in this one answer and not stored, because folders are
/// often named after patients.
/// </summary>
internal sealed class IgnoredFiles
{
    private const int MaxNames = 20;

    private readonly List<string> names = [];

    public int Count { get; private set; }

    public IReadOnlyList<string> Names => names;

    public void Add(string name)
    {
        Count++;
        if (name.Length > 0 && names.Count < MaxNames) names.Add(name);
    }
}
