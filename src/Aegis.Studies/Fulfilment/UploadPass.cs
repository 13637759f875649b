using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// The one pass over an upload: each file is hashed while it is read, de-identified while it is parsed, and sealed while it is written.
/// Nothing identified is kept anywhere but in the buffers in between.
/// </summary>
internal sealed class UploadPass(Upload upload, Deidentifier deidentifier, bool isStrict = false)
{
    private readonly DeclaredDigest declared = new();
    private readonly Dictionary<string, byte[]> seen = new(StringComparer.Ordinal); // SOP Instance UID and digest of the file
    private long unpacked;

    /// <summary>Files that were passed over because they are not DICOM.</summary>
    public IgnoredFiles Ignored { get; } = new();

    /// <summary>Runs the pass to the end of the upload and compares it with its manifest.</summary>
    /// <param name="writer">Where the de-identified instances go; null drops them.</param>
    /// <param name="judge">Sees each instance once; returns the number of its series.</param>
    /// <param name="ct">Stops between two pieces.</param>
    /// <returns>What came in.</returns>
    public async Task<Manifest> Run(SealedStudyWriter? writer, Func<ReceivedInstance, int> judge, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        try
        {
            await foreach (var file in upload.Files(ct)) await Take(file, hash, writer, judge, ct);
        }
        catch (DicomException e)
        {
            throw Where(
                Refuse.Unprocessable(e.Code, $"File {upload.Position} of the upload cannot be taken as DICOM. {e.Message}{Advice(e)}")
                .With("offset", e.Offset).With("tag", e.Tag is { } tag ? $"{tag >> 16:X4},{tag & 0xFFFF:X4}" : null));
        }
        catch (ContentException e)
        {
            throw Where(Refuse.Unprocessable(e.Code, e.Message));
        }

        if (declared.Instances == 0)
            throw Refuse.Unprocessable("no_instances", "The upload holds no DICOM instance. Send the study's Part 10 files.");
        var received = declared.ToManifest();
        if (upload.Manifest is { } manifest && manifest != received && manifest != declared.ToManifestOfFiles())
            manifest.RequireEqual(received);
        return received;
    }

    private async Task Take(
        Stream file, IncrementalHash hash, SealedStudyWriter? writer, Func<ReceivedInstance, int> judge, CancellationToken ct)
    {
        var source = new HashedSource(file, hash);
        using var target = new InstanceTarget(writer);
        byte[]? before = null;
        InstanceReport instance;
        try
        {
            instance = await deidentifier.Apply(source, target, ct, Begin);
        }
        catch (DicomException e)
            when (e.Code == DicomErrors.Directory || (e.Code == DicomErrors.NotDicom && !isStrict && !upload.IsOneFile))
        {
            // A DICOMDIR lists the files of a medium with their patients; it is no instance, and media hold one.
            if (e.Code == DicomErrors.NotDicom) Ignored.Add(upload.FileName);
            hash.GetHashAndReset();
            return;
        }

        var digest = await source.Finish(ct);
        unpacked += Math.Max(instance.BytesRead, source.Bytes); // a deflated data set is an archive too
        var max = upload.Limits.MaxUnpackedBytes;
        if (unpacked > max) throw new ContentException("upload_too_large_unpacked", $"The upload unpacks to more than {max} bytes.");
        if (before is not null)
        {
            TakeAgain(before, digest, source.Bytes);
            return;
        }

        seen.Add(instance.SopInstanceUid, digest);
        declared.Add(digest, source.Bytes);
        target.End(judge(new ReceivedInstance(instance, digest, upload.Position)));

        void Begin(string sopInstanceUid)
        {
            if (seen.TryGetValue(sopInstanceUid, out before)) target.Discard();
        }
    }

    // People copy a study into a folder that holds it. The same file again says nothing new; another with its UID is one too many.
    private void TakeAgain(byte[] before, byte[] digest, long length)
    {
        if (!digest.AsSpan().SequenceEqual(before))
            throw Where(Refuse.Unprocessable(
                "duplicate_instance", "Two files of the upload have the same SOP Instance UID and differ. Remove the wrong one."));
        declared.AddAgain(digest, length);
    }

    // What people send by mistake.
    private static string Advice(DicomException e) => e.Code switch
    {
        DicomErrors.NotDicom => " Send Part 10 files, or a zip archive of them.",
        DicomErrors.MetaMissing or DicomErrors.PreambleMissing => " Write it again as a Part 10 file, for example with dcmconv +F.",
        _ => "",
    };

    private RefusedException Where(RefusedException refused) => upload.Position == 0 ? refused : refused.With("position", upload.Position);
}

/// <summary>One instance of an upload.</summary>
/// <param name="Report">What it was and what was done to it.</param>
/// <param name="Digest">SHA-256 of the file.</param>
/// <param name="Position">Its place in the upload, from 1.</param>
internal sealed record ReceivedInstance(InstanceReport Report, byte[] Digest, int Position)
{
    public override string ToString() => $"{Position}";
}

/// <summary>
/// Files of an upload that are not DICOM. Their names go to their sender in the one answer, and nowhere else: folders are named after
/// patients.
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
