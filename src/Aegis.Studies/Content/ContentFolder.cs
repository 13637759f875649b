using Aegis.Kernel.Persistence;
using Aegis.Kernel.Sealing;
using Aegis.Studies.Content.Sealing;

namespace Aegis.Studies.Content;

/// <summary>The folder of the sealed studies, below DataDirectory.</summary>
internal sealed class ContentFolder(DatabaseOptions database)
{
    private const string Name = "content";

    public string Path { get; } = System.IO.Path.Combine(database.DataDirectory, Name);

    public string PathOf(string fileName) => System.IO.Path.Combine(Path, fileName);

    /// <summary>Makes the folder, for the owner only, unless it is there.</summary>
    public void Create() => PrivateFile.CreateDirectory(Path);

    /// <summary>Deletes a study's file so that a power cut does not bring it back. A file that is gone already is fine.</summary>
    public void Delete(string fileName)
    {
        if (!Directory.Exists(Path)) return;
        File.Delete(PathOf(fileName));
        DurableFolder.Flush(Path);
        if (File.Exists(PathOf(fileName)))
            throw new IOException("A sealed study is still there after it was deleted.");
    }
}
