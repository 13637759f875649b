using System.Security.Cryptography;

namespace Aegis.Sdk.Studies.Content;

/// <summary>A file of a study, which can be read again when an upload is repeated.</summary>
/// <param name="Length">Its length in bytes.</param>
/// <param name="Open">Opens it at its beginning.</param>
public sealed record StudyFile(long Length, Func<Stream> Open)
{
    /// <summary>A file on disk.</summary>
    public static StudyFile At(string path) => new(new FileInfo(path).Length, () => new FileStream(path, new FileStreamOptions
    {
        Mode = FileMode.Open, Access = FileAccess.Read, Share = FileShare.Read, Options = FileOptions.Asynchronous | FileOptions.SequentialScan, BufferSize = 0,
    }));

    /// <summary>All files of a folder and those below it, but hidden ones and DICOMDIR, which is no instance.</summary>
    public static IReadOnlyList<StudyFile> InFolder(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .Where(f => Path.GetFileName(f) is var name && !name.StartsWith('.') && !name.Equals("DICOMDIR", StringComparison.OrdinalIgnoreCase))
        .Order(StringComparer.Ordinal).Select(At).ToList();
}

/// <summary>What an upload says it holds: the digest is that of the sorted digests of the files.</summary>
internal sealed record StudyManifest(int Instances, long Bytes, string Sha256)
{
    public static async Task<StudyManifest> ReadAsync(IReadOnlyList<StudyFile> files, CancellationToken ct)
    {
        var digests = new List<byte[]>(files.Count);
        foreach (var file in files)
        {
            var stream = file.Open();
            await using (stream.ConfigureAwait(false)) digests.Add(await SHA256.HashDataAsync(stream, ct).ConfigureAwait(false));
        }

        digests.Sort((a, b) => a.AsSpan().SequenceCompareTo(b));
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var digest in digests) all.AppendData(digest);
        return new StudyManifest(files.Count, files.Sum(f => f.Length), Convert.ToHexStringLower(all.GetHashAndReset()));
    }
}
