using Aegis.Kernel.Sealing;

namespace Aegis.Studies.Content;

/// <summary>The folder of the sealed studies under DataDirectory: one file for each transfer, named after its id.</summary>
internal sealed class ContentFolder(DatabaseOptions database)
{
    private const string Extension = ".sealed";

    private readonly string folder = Path.Combine(database.DataDirectory, "content");

    public static string NameOf(string transferId) => transferId + Extension;

    /// <summary>The transfer that a file belongs to, or null for a file that Aegis did not write.</summary>
    public static string? TransferOf(string fileName) =>
        fileName.StartsWith("trf_", StringComparison.Ordinal) && fileName.EndsWith(Extension, StringComparison.Ordinal)
            ? fileName[..^Extension.Length]
            : null;

    public string PathOf(string fileName) => Path.Combine(folder, fileName);

    /// <summary>Creates the folder, readable by its owner only, unless it exists.</summary>
    public void Create() => PrivateFile.CreateDirectory(folder);

    public IEnumerable<FileInfo> Files() => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];

    /// <summary>Deletes a study's file so that a power cut does not bring it back. Does nothing if the file is already gone.</summary>
    public void Delete(string fileName)
    {
        if (!Directory.Exists(folder)) return;
        File.Delete(PathOf(fileName));
        PrivateFile.SyncDirectory(folder);
        if (File.Exists(PathOf(fileName))) throw new IOException("A sealed study is still there after it was deleted.");
    }
}
