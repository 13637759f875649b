using System.Text;
using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Aegis.Audit.Notes;

/// <summary>
/// A text followed by signatures, in the format of C2SP signed-note and Go's <c>golang.org/x/mod/sumdb/note</c>: the text, an empty line,
/// and for each signature <c>— name base64(key hash ‖ signature)</c>.
/// </summary>
internal static class SignedNote
{
    /// <summary>Longer notes are not opened, as in Go.</summary>
    public const int MaxLength = 1_000_000;

    private const int MaxSignatures = 100;
    private const int HashSize = 4;
    private const string LineStart = "\u2014 ";

    /// <summary>Signs a text, which must end with a line break.</summary>
    public static string Sign(string text, params IReadOnlyList<NoteSigner> signers)
    {
        if (!IsText(text) || !text.EndsWith('\n'))
            throw new ArgumentException("A note's text must be Unicode text that ends with a line break.", nameof(text));
        if (signers.Count == 0) throw new ArgumentException("A note needs at least one signature.", nameof(signers));

        var note = new StringBuilder(text).Append('\n');
        foreach (var signer in signers)
            note.Append(LineStart).Append(signer.Name).Append(' ').Append(Signature(signer, text)).Append('\n');
        return note.ToString();
    }

    /// <summary>
    /// Returns the text if at least one known key signed it. Signatures of unknown keys are ignored. A wrong signature with the name and
    /// hash of a known key makes the whole note invalid. If several have the same name and hash, the first counts, as in Go.
    /// </summary>
    public static bool TryOpen(string note, IEnumerable<NoteVerifier> known, [NotNullWhen(true)] out string? text)
    {
        text = null;
        if (note.Length > MaxLength || Encoding.UTF8.GetByteCount(note) > MaxLength || !IsText(note)) return false;
        var split = note.LastIndexOf("\n\n", StringComparison.Ordinal);
        if (split < 0 || !note.EndsWith('\n')) return false;

        var signed = note[..(split + 1)];
        var block = note[(split + 2)..];
        if (block.Length == 0) return false;
        var lines = block[..^1].Split('\n');
        if (lines.Length > MaxSignatures) return false;

        var verifiers = known.ToList();
        var seen = new HashSet<(string, uint)>();
        var isSigned = false;
        foreach (var line in lines)
        {
            if (!TryRead(line, out var name, out var hash, out var signature)) return false;
            if (!seen.Add((name, hash))) continue;
            foreach (var verifier in verifiers.Where(v => v.KeyHash == hash && v.Name == name))
            {
                if (!verifier.Verify(signed, signature)) return false;
                isSigned = true;
            }
        }

        if (isSigned) text = signed;
        return isSigned;
    }

    /// <summary>True if the text has no unpaired surrogates.</summary>
    internal static bool IsUnicode(string text)
    {
        for (var rest = text.AsSpan(); rest.Length > 0;)
        {
            if (Rune.DecodeFromUtf16(rest, out _, out var length) != System.Buffers.OperationStatus.Done) return false;
            rest = rest[length..];
        }

        return true;
    }

    private static bool IsText(string text) => !text.Any(c => c < ' ' && c != '\n') && IsUnicode(text);

    private static string Signature(NoteSigner signer, string text)
    {
        Span<byte> bytes = stackalloc byte[HashSize + Ed25519.SignatureSize];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, signer.Verifier.KeyHash);
        signer.Sign(text).CopyTo(bytes[HashSize..]);
        return Convert.ToBase64String(bytes);
    }

    private static bool TryRead(string line, out string name, out uint hash, out byte[] signature)
    {
        (name, hash, signature) = ("", 0, []);
        if (!line.StartsWith(LineStart, StringComparison.Ordinal)) return false;
        var parts = line[LineStart.Length..].Split(' ');
        if (parts.Length != 2 || !NoteVerifier.IsName(parts[0])) return false;

        var bytes = new byte[parts[1].Length];
        if (!Convert.TryFromBase64String(parts[1], bytes, out var length) || length <= HashSize) return false;
        (name, hash, signature) = (parts[0], BinaryPrimitives.ReadUInt32BigEndian(bytes), bytes[HashSize..length]);
        return true;
    }
}
