namespace Aegis.Audit.Verification;

/// <summary>
/// The signed checkpoints, smallest first, each held against the tree when it has grown to that size. Those of the file are read as the log
/// goes by, so any number of them costs no memory.
/// </summary>
internal sealed class SignedHistory : IDisposable
{
    private readonly IReadOnlyList<NoteVerifier> keys;
    private readonly string where;
    private readonly IEnumerator<FiledNote>? filed;
    private readonly Signed? stored;
    private Signed? next;
    private long last = -1;

    public SignedHistory(CheckpointFile? file, string? storedNote, IReadOnlyList<NoteVerifier> keys)
    {
        this.keys = keys;
        where = file?.Path ?? "";
        stored = storedNote is null ? null : Open(storedNote, "the database's newest checkpoint");
        filed = file?.Read().GetEnumerator();
        Advance();
    }

    /// <summary>How many checkpoints held.</summary>
    public long Good { get; private set; }

    /// <summary>Size of the largest one that held.</summary>
    public long Largest { get; private set; }

    /// <summary>The largest one of the file, however far the log went.</summary>
    public long LastOfFile => Math.Max(last, 0);

    /// <summary>True when the file ends within a checkpoint.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Size of the next one that is beyond <paramref name="size"/>, or null.</summary>
    public long? After(long size)
    {
        var sizes = new[] { next?.Checkpoint.Size, stored?.Checkpoint.Size }.Where(s => s > size).ToList();
        return sizes.Count == 0 ? null : sizes.Min();
    }

    /// <summary>Holds the checkpoints of this very size against the tree.</summary>
    public void Check(TreeEdge tree)
    {
        byte[]? root = null;
        if (stored is { } one && one.Checkpoint.Size == tree.Size) Hold(one);
        while (next is { } two && two.Checkpoint.Size == tree.Size)
        {
            Hold(two);
            Advance();
        }

        void Hold(Signed signed)
        {
            root ??= tree.Root();
            if (!root.AsSpan().SequenceEqual(signed.Checkpoint.Root))
            {
                throw new TamperedException(string.Create(CultureInfo.InvariantCulture,
                    $"The first {tree.Size} entries are not those that {signed.Where} signs: one from {Largest} to {tree.Size - 1} was "
                        + $"changed, added or removed together with its hashes."));
            }

            if (Good == 0 || Largest < tree.Size) Good++; // file and database may have the same
            Largest = tree.Size;
        }
    }

    public void Dispose() => filed?.Dispose();

    private void Advance()
    {
        next = null;
        if (filed is null || !filed.MoveNext()) return;
        var note = filed.Current;
        if (!note.IsWhole)
        {
            IsTorn = true;
            return;
        }

        var place = string.Create(CultureInfo.InvariantCulture, $"the checkpoint in line {note.Line} of {where}");
        var signed = Open(note.Note, place);
        if (signed.Checkpoint.Size <= last) throw new TamperedException($"{Begin(place)} is out of order: it was moved or added.");
        last = signed.Checkpoint.Size;
        next = signed;
    }

    private Signed Open(string note, string place)
    {
        if (!SignedNote.TryOpen(note, keys, out var text))
            throw new TamperedException($"{Begin(place)} was changed or is not of this log: none of its published keys signed it.");
        return Checkpoint.Parse(text) is { } checkpoint && checkpoint.Text == text && checkpoint.Origin == keys[0].Name
            ? new Signed(checkpoint, place)
            : throw new TamperedException($"{Begin(place)} is signed and is no checkpoint of this log.");
    }

    private static string Begin(string place) => char.ToUpperInvariant(place[0]) + place[1..];

    private sealed record Signed(Checkpoint Checkpoint, string Where);
}
