namespace Aegis.Audit.Checkpoints;

/// <summary>Size and root of a log at one moment (<see href="https://c2sp.org/tlog-checkpoint"/>): the text of a signed note.</summary>
/// <param name="Origin">Name of the log.</param>
/// <param name="Size">Number of entries in the tree.</param>
/// <param name="Root">Root hash of the tree.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The text that is signed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads the text of a checkpoint or a whole note; null if it is malformed. Lines after the root are ignored.</summary>
    public static Checkpoint? Parse(string text)
    {
        var lines = text.Split('\n', 4);
        if (lines.Length < 4 || lines[0].Length == 0) return null;
        if (!long.TryParse(lines[1], NumberStyles.None, CultureInfo.InvariantCulture, out var size)
            || lines[1] != size.ToString(CultureInfo.InvariantCulture)) return null;
        Span<byte> root = stackalloc byte[Hashing.Length];
        return Convert.TryFromBase64String(lines[2], root, out var length) && length == root.Length
            ? new Checkpoint(lines[0], size, root.ToArray())
            : null;
    }
}
