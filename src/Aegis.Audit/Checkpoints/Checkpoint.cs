namespace Aegis.Audit.Checkpoints;

/// <summary>What a log says of itself at one size (<see href="https://c2sp.org/tlog-checkpoint"/>): the text of a signed note.</summary>
/// <param name="Origin">Which log.</param>
/// <param name="Size">Entries of the tree.</param>
/// <param name="Root">Its root.</param>
internal sealed record Checkpoint(string Origin, long Size, byte[] Root)
{
    /// <summary>The text that is signed.</summary>
    public string Text => string.Create(CultureInfo.InvariantCulture, $"{Origin}\n{Size}\n{Convert.ToBase64String(Root)}\n");

    /// <summary>Reads the text of a checkpoint, or a whole note; null when it is none. Lines that follow the root are let be.</summary>
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

    /// <summary>True when the other says the same of the same log.</summary>
    public bool Says(Checkpoint other) => Text == other.Text;
}
