using System.Text;
using Aegis.Kernel.Sealing;

namespace Aegis.Audit.Checkpoints;

/// <summary>A note in the file.</summary>
/// <param name="Line">First line of the note, counted from 1.</param>
/// <param name="Note">The signed note.</param>
/// <param name="IsWhole">False if the file ends within the note, for example after a power failure.</param>
internal sealed record FiledNote(long Line, string Note, bool IsWhole);

/// <summary>
/// Checkpoints outside the database, oldest first, so that a rewritten database contradicts them. Each is a signed note followed by an
/// empty line. Hosts exclude each other with a lock file. Only larger checkpoints are appended, so a late host adds nothing.
/// </summary>
internal sealed class CheckpointFile(string path)
{
    private const string SignatureStart = "\u2014 ";
    private const int MaxNoteLength = 16_384; // far more than a checkpoint has

    public string Path { get; } = path;

    public bool Exists => File.Exists(Path);

    /// <summary>The last whole note; null if there is none.</summary>
    public string? Last()
    {
        if (!Exists) return null;
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        return LastOf(file).Note;
    }

    /// <summary>
    /// Appends a checkpoint unless the file already has one of this size or larger. It is durable when the method returns.
    /// </summary>
    public void Append(string note, long size)
    {
        var isNew = !Exists;
        if (isNew) Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path)!);
        // Hosts lock a separate file: an exclusive lock on this one would fail while somebody reads it.
        using (new FileStream(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
        using (var file = new FileStream(Path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
        {
            var (last, end) = LastOf(file);
            if (last is not null && Checkpoint.Parse(last) is { } before && before.Size >= size)
            {
                file.Flush(flushToDisk: true); // the note may be from an attempt whose flush failed
                return;
            }

            file.SetLength(end); // removes a note that a power failure cut
            file.Position = end;
            file.Write(Encoding.UTF8.GetBytes(note + "\n"));
            file.Flush(flushToDisk: true);
        }

        if (isNew) PrivateFile.SyncDirectory(System.IO.Path.GetDirectoryName(Path)!);
    }

    /// <summary>All notes in order. Any text up to the empty line after a signature is returned as a note, without a check.</summary>
    public IEnumerable<FiledNote> Read()
    {
        using var reader = new StreamReader(
            new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), new UTF8Encoding(false));
        var note = new StringBuilder();
        var (line, first, isSigned) = (0L, 1L, false);
        while (reader.ReadLine() is { } text)
        {
            line++;
            if (text.Length == 0 && isSigned)
            {
                yield return new FiledNote(first, note.ToString(), IsWhole: true);
                note.Clear();
                (first, isSigned) = (line + 1, false);
                continue;
            }

            isSigned = text.StartsWith(SignatureStart, StringComparison.Ordinal);
            note.Append(text).Append('\n');
            if (note.Length <= MaxNoteLength) continue;
            yield return new FiledNote(first, note.ToString(), IsWhole: true);
            yield break; // not a checkpoint, and too large to keep in memory
        }

        if (note.Length > 0) yield return new FiledNote(first, note.ToString(), IsWhole: false);
    }

    /// <summary>The last whole note, and the offset at which the next one begins.</summary>
    private static (string? Note, long End) LastOf(FileStream file)
    {
        var from = Math.Max(0, file.Length - (2 * MaxNoteLength));
        var bytes = new byte[file.Length - from];
        file.Position = from;
        file.ReadExactly(bytes);
        var text = Encoding.Latin1.GetString(bytes); // one character per byte, so offsets in the text are offsets in the file
        var signature = Encoding.Latin1.GetString(Encoding.UTF8.GetBytes("\n" + SignatureStart));
        for (var at = text.LastIndexOf(signature, StringComparison.Ordinal); at > 0; at = text.LastIndexOf(
            signature, at - 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf('\n', at + 1);
            if (end < 0 || end + 1 >= text.Length || text[end + 1] != '\n') continue;
            var start = StartOf(text, at, signature);
            return (Encoding.UTF8.GetString(bytes, start, end + 1 - start), from + end + 2);
        }

        return (null, from);
    }

    /// <summary>Start of the note whose signature is at <paramref name="at"/>: after the empty line of the previous note, or 0.</summary>
    private static int StartOf(string text, int at, string signature)
    {
        for (var before = text.LastIndexOf(signature, at - 1, StringComparison.Ordinal); before >= 0; before = before == 0
            ? -1
            : text.LastIndexOf(signature, before - 1, StringComparison.Ordinal))
        {
            var end = text.IndexOf('\n', before + 1);
            if (end + 1 < text.Length && text[end + 1] == '\n') return end + 2;
        }

        return 0;
    }
}
