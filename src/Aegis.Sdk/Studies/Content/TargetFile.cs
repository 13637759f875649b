namespace Aegis.Sdk.Studies.Content;

/// <summary>Checks the target of a download. The finished file replaces an existing one, so only ordinary files are allowed.</summary>
internal static class TargetFile
{
    /// <summary>The path to replace; for a link, the path of its target.</summary>
    /// <exception cref="AegisTargetException">The target is a folder, device, pipe or socket, or a link to nothing.</exception>
    public static string At(string file)
    {
        var path = Path.GetFullPath(file);
        if (new FileInfo(path).LinkTarget is not null)
        {
            path = File.ResolveLinkTarget(path, returnFinalTarget: true)!.FullName;
            // This also catches /dev/stdout when it is a pipe.
            if (!Path.Exists(path)) throw new AegisTargetException($"'{file}' is a link to nothing.");
        }

        if (Directory.Exists(path)) throw new AegisTargetException($"'{file}' is a folder.");
        if (File.Exists(path) && new FileInfo(path).Length == 0 && !CanGrow(path))
            throw new AegisTargetException($"'{file}' is not a writable ordinary file, and the download would replace it.");
        return path;
    }

    /// <summary>
    /// Devices, pipes and sockets also have length 0, but cannot be given a length. .NET offers no other way to recognise them. Opened
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
            return false; // it is not seekable, or cannot be opened or written
        }
    }
}
