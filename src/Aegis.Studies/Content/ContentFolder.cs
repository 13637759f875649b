using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Content;

/// <summary>The folder of the sealed studies below DataDirectory: one file for each transfer, named by its id.</summary>
internal sealed class ContentFolder(DatabaseOptions database)
{
    private const string Extension = ".sealed";

    private readonly string folder = Path.Combine(database.DataDirectory, "content");

    public static string NameOf(string transferId) => transferId + Extension;

    /// <summary>The transfer that a file belongs to, or null when it is none of ours.</summary>
    public static string? TransferOf(string fileName) =>
        fileName.StartsWith("trf_", StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal)
            ? fileName[..^Extension.Length]
            : null;

    public string PathOf(string fileName) => Path.Combine(folder, fileName);

    /// <summary>Makes the folder, for the owner only, unless it is there.</summary>
    public void Create() => PrivateFile.CreateDirectory(folder);

    public IEnumerable<FileInfo> Files() => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];

    /// <summary>Deletes a study's file so that a power cut does not bring it back. A file that is gone already is fine.</summary>
    public void Delete(string fileName)
    {
        if (!Directory.Exists(folder)) return;
        File.Delete(PathOf(fileName));
        PrivateFile.SyncDirectory(folder);
        if (File.Exists(PathOf(fileName))) throw new IOException("A sealed study is still there after it was deleted.");
    }
}
