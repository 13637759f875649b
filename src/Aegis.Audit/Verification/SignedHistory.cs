namespace Aegis.Audit.Verification;

/// <summary>
/// The signed checkpoints, smallest first. Each is compared with the tree when the tree reaches its size. Those of the file are read one by
/// one during the check, so memory does not grow with their number.
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

    /// <summary>Number of valid checkpoints.</summary>
    public long Good { get; private set; }

    /// <summary>Size of the largest valid checkpoint.</summary>
    public long Largest { get; private set; }

    /// <summary>Size of the largest checkpoint read from the file, even beyond the log's end.</summary>
    public long LastOfFile => Math.Max(last, 0);

    /// <summary>True if the file ends within a checkpoint.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Size of the next checkpoint that is larger than <paramref name="size"/>, or null.</summary>
    public long? After(long size)
    {
        var sizes = new[] { next?.Checkpoint.Size, stored?.Checkpoint.Size }.Where(s => s > size).ToList();
        return sizes.Count == 0 ? null : sizes.Min();
    }

    /// <summary>Compares the tree with all checkpoints of its size.</summary>
    public void Check(TreeEdge tree)
    {
        byte[]? root = null;
        if (stored is { } fromDatabase && fromDatabase.Checkpoint.Size == tree.Size) Compare(fromDatabase);
        while (next is { } fromFile && fromFile.Checkpoint.Size == tree.Size)
        {
            Compare(fromFile);
            Advance();
        }

        void Compare(Signed signed)
        {
            root ??= tree.Root();
            if (!root.AsSpan().SequenceEqual(signed.Checkpoint.Root))
            {
                throw new TamperedException(string.Create(CultureInfo.InvariantCulture,
                    $"The first {tree.Size} entries are not those that {signed.Where} covers: one from {Largest} to {tree.Size - 1} was "
                        + $"changed, added or removed together with its hashes."));
            }

            if (Good == 0 || Largest < tree.Size) Good++; // file and database may contain the same checkpoint
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
        if (signed.Checkpoint.Size <= last) throw new TamperedException($"{Capitalized(place)} is out of order: it was moved or added.");
        last = signed.Checkpoint.Size;
        next = signed;
    }

    private Signed Open(string note, string place)
    {
        if (!SignedNote.TryOpen(note, keys, out var text))
            throw new TamperedException(
                $"{Capitalized(place)} was changed or belongs to another log: none of this log's published keys signed it.");
        return Checkpoint.Parse(text) is { } checkpoint && checkpoint.Text == text && checkpoint.Origin == keys[0].Name
            ? new Signed(checkpoint, place)
            : throw new TamperedException($"{Capitalized(place)} is signed but is not a checkpoint of this log.");
    }

    private static string Capitalized(string text) => char.ToUpperInvariant(text[0]) + text[1..];

    private sealed record Signed(Checkpoint Checkpoint, string Where);
}
