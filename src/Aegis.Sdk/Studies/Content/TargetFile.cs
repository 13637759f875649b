namespace Aegis.Sdk.Studies.Content;

/// <summary>Where a download ends. The finished file takes the place of one that is there, so nothing but a file may be there.</summary>
internal static class TargetFile
{
    /// <summary>The path to replace; of a link, that of the file it leads to.</summary>
    /// <exception cref="AegisTargetException">A folder, device, pipe or socket is there, or a link to nothing.</exception>
    public static string At(string file)
    {
        var path = Path.GetFullPath(file);
        if (new FileInfo(path).LinkTarget is not null)
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            // also /dev/stdout when that is a pipe
            if (!Path.Exists(path)) throw new AegisTargetException($"'{file}' is a link to nothing.");
        }

        if (Directory.Exists(path)) throw new AegisTargetException($"'{file}' is a folder.");
        if (File.Exists(path) && new FileInfo(path).Length == 0 && !CanGrow(path))
            throw new AegisTargetException($"'{file}' is no ordinary file that can be written; the download would take its place.");
        return path;
    }

    /// <summary>
    /// Devices, pipes and sockets have no length either, and none of them can be given one; .NET tells them apart in no other way. Opened
    /// for reading and writing, a pipe does not wait for its other end.
    /// </summary>
    private static bool CanGrow(string path)
    {
        try
        {
            using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            RandomAccess.SetLength(file, 1);
            var grew = RandomAccess.GetLength(file) == 1;
            if (grew) RandomAccess.SetLength(file, 0);
            return grew;
        }
        catch (Exception refused) when (refused is NotSupportedException or IOException or UnauthorizedAccessException)
        {
            return false; // it cannot seek, be opened or be written
        }
    }
}
