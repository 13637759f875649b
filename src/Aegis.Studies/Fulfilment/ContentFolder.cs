using Aegis.Kernel.Persistence;

namespace Aegis.Studies.Fulfilment;

/// <summary>Where sealed studies lie: one file for each transfer, named by its id.</summary>
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

    /// <summary>Only the owner of the process may look into it.</summary>
    public void Create() => Kernel.Sealing.PrivateFile.CreateDirectory(folder);

    public IEnumerable<FileInfo> Files() => Directory.Exists(folder) ? new DirectoryInfo(folder).EnumerateFiles() : [];
}
