namespace Aegis.Benchmarks;

/// <summary>The folder that a run uses and then deletes: below artifacts/, on the same disk as the sources.</summary>
internal sealed class Workspace : IDisposable
{
    private int last;

    public static string Solution { get; } = FindSolution();

    private string Folder { get; } = Path.Combine(Solution, "artifacts", "benchmarks", Environment.ProcessId.ToString());

    public string NewFolder(string name)
    {
        var made = Path.Combine(Folder, $"{++last:D2}-{name}");
        Directory.CreateDirectory(made);
        return made;
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder)) Directory.Delete(Folder, recursive: true);
    }

    private static string FindSolution()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Aegis.sln"))) folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("Aegis.sln was not found in a parent folder of this program.");
    }
}
