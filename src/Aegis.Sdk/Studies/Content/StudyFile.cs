using System.IO.Enumeration;

namespace Aegis.Sdk.Studies.Content;

/// <summary>A file of a study. It can be opened again when an upload is repeated.</summary>
/// <param name="Length">Length in bytes.</param>
/// <param name="Open">Opens the file at its beginning.</param>
public sealed record StudyFile(long Length, Func<Stream> Open)
{
    /// <summary>
    /// Sent only for files that are not DICOM, so that the answer can list skipped files. Names of instances often contain patients' names.
    /// </summary>
    public string? Name { get; init; }

    /// <summary>A file on disk.</summary>
    public static StudyFile At(string path) => new(LengthOf(path), () => new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.Open,
        Access = FileAccess.Read,
        Share = FileShare.Read,
        Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
        BufferSize = 0,
    }))
    {
        Name = Path.GetFileName(path),
    };

    // For a link, FileInfo.Length is the length of its text, so the target is used.
    private static long LengthOf(string path) =>
        (File.ResolveLinkTarget(path, returnFinalTarget: true) as FileInfo ?? new FileInfo(path)).Length;

    /// <summary>
    /// All files of a folder and its subfolders, except hidden files and DICOMDIR, which is not an instance. Links to files are followed.
    /// Links to folders are not, because they may lead out of the study or in circles.
    /// </summary>
    public static IReadOnlyList<StudyFile> InFolder(string folder) => new FileSystemEnumerable<string>(
            folder, (ref FileSystemEntry entry) => entry.ToSpecifiedFullPath(),
            new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false })
    {
        ShouldIncludePredicate = (ref FileSystemEntry entry) => !entry.IsDirectory,
        ShouldRecursePredicate = (ref FileSystemEntry entry) => !entry.Attributes.HasFlag(FileAttributes.ReparsePoint),
    }
        .Where(f => Path.GetFileName(f) is var name && !name.StartsWith('.')
            && !name.Equals("DICOMDIR", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal).Select(At).ToList();
}

/// <summary>What an upload declares. The digest covers the sorted digests of its instances, each counted once.</summary>
internal sealed record StudyManifest(int Instances, long Bytes, string Sha256)
{
    private const int Preamble = 128;

    /// <summary>Reads all files. Files without a DICOM prefix are not declared, because the host skips them.</summary>
    public static async Task<(StudyManifest Manifest, IReadOnlyList<bool> IsDicom)> ReadAsync(
        IReadOnlyList<StudyFile> files, CancellationToken ct)
    {
        var instances = new Dictionary<string, (byte[] Digest, long Length)>(StringComparer.Ordinal);
        var isDicom = new List<bool>(files.Count);
        foreach (var file in files)
        {
            if (file.Length == 0)
            {
                isDicom.Add(false); // not opened: an empty file may be a pipe, which waits for a writer
                continue;
            }

            var stream = file.Open();
            await using (stream.ConfigureAwait(false))
            {
                var (digest, hasPrefix) = await DigestAsync(stream, ct).ConfigureAwait(false);
                isDicom.Add(hasPrefix);
                if (hasPrefix) instances[Convert.ToHexString(digest)] = (digest, file.Length);
            }
        }

        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (_, instance) in instances.OrderBy(x => x.Key, StringComparer.Ordinal)) all.AppendData(instance.Digest);
        return (new StudyManifest(
            instances.Count, instances.Values.Sum(x => x.Length), Convert.ToHexStringLower(all.GetHashAndReset())), isDicom);
    }

    private static async Task<(byte[] Digest, bool IsDicom)> DigestAsync(Stream stream, CancellationToken ct)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[128 * 1024];
        var count = await stream.ReadAtLeastAsync(buffer, Preamble + 4, throwOnEndOfStream: false, ct).ConfigureAwait(false);
        var isDicom = count >= Preamble + 4 && buffer.AsSpan(Preamble, 4).SequenceEqual("DICM"u8);
        for (; count > 0; count = await stream.ReadAsync(buffer, ct).ConfigureAwait(false)) hash.AppendData(buffer, 0, count);
        return (hash.GetHashAndReset(), isDicom);
    }
}
