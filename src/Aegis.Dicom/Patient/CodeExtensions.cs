namespace Aegis.Dicom.Patient;

/// <summary>Decodes names in which escape sequences switch between coded character sets (PS3.5 6.1.2.5, ISO/IEC 2022).</summary>
internal static class CodeExtensions
{
    private const byte Escape = 0x1B;

    private static readonly (byte[] Sequence, bool IsLeft, Lazy<CodedSet> Set)[] Escapes =
    [
        G0("(B", () => CodedSet.Ascii), G0("(J", () => CodedSet.Ascii),
        G0("$B", () => CodedSet.Double(20932)), G0("$@", () => CodedSet.Double(20932)), G0("$(D", () => CodedSet.Double(20932, second: 0)),
        G1(")I", () => CodedSet.Katakana), G1("$)C", () => CodedSet.Double(51949)), G1("$)A", () => CodedSet.Double(20936)),
        G1("-A", () => CodedSet.UpperHalf(28591)), G1("-B", () => CodedSet.UpperHalf(28592)), G1("-C", () => CodedSet.UpperHalf(28593)),
        G1("-D", () => CodedSet.UpperHalf(28594)), G1("-L", () => CodedSet.UpperHalf(28595)), G1("-G", () => CodedSet.UpperHalf(28596)),
        G1("-F", () => CodedSet.UpperHalf(28597)), G1("-H", () => CodedSet.UpperHalf(28598)), G1("-M", () => CodedSet.UpperHalf(28599)),
        G1("-b", () => CodedSet.UpperHalf(28605)), G1("-T", () => CodedSet.UpperHalf(874)),
    ];

    /// <summary>The set that this escape selects for the right half.</summary>
    public static CodedSet RightOf(string escape) =>
        Array.Find(Escapes, x => !x.IsLeft && x.Sequence.AsSpan().SequenceEqual(Encoding.ASCII.GetBytes(escape))).Set.Value;

    /// <summary>The groups of a person name, up to the first group that cannot be decoded.</summary>
    /// <param name="name">The value.</param>
    /// <param name="right">The right half at the start and after each delimiter; null when there is none.</param>
    /// <param name="isExtended">Escape sequences are allowed.</param>
    public static List<string> Groups(ReadOnlySpan<byte> name, CodedSet? right, bool isExtended)
    {
        var groups = new List<string>();
        var text = new StringBuilder(name.Length);
        var (g0, g1) = (CodedSet.Ascii, right);
        while (!name.IsEmpty)
        {
            if (name[0] == Escape)
            {
                if (!isExtended || Select(name[1..]) is not var (length, isLeft, set)) return groups;
                if (isLeft) g0 = set;
                else g1 = set;
                name = name[(1 + length)..];
                continue;
            }

            // In a two-byte set a delimiter's code may be half a character. Writers leave such a set before a delimiter.
            if (!g0.IsDouble && name[0] is (byte)'=' or (byte)'^' or (byte)'\\' or < 0x20) (g0, g1) = (CodedSet.Ascii, right);
            if (!g0.IsDouble && name[0] == '=')
            {
                groups.Add(text.ToString());
                text.Clear();
                name = name[1..];
                continue;
            }

            var used = DecodeOne(name, name[0] < 0x80 ? g0 : g1, text);
            if (used == 0) return groups;
            name = name[used..];
        }
        groups.Add(text.ToString());
        return groups;
    }

    private static int DecodeOne(ReadOnlySpan<byte> bytes, CodedSet? set, StringBuilder text)
    {
        if (bytes[0] <= 0x20) text.Append((char)bytes[0]); // control characters and the blank are outside every set of 94
        else if (set is null || bytes[0] is 0x7F or (>= 0x80 and < 0xA0)) return 0;
        else if (!set.IsDouble) return Append(set.TryDecode(bytes[0], out var character), character, 1, text);
        else return Append(bytes.Length > 1 & set.TryDecode(bytes[0], bytes.Length > 1 ? bytes[1] : (byte)0, out var pair), pair, 2, text);
        return 1;
    }

    private static int Append(bool isDecoded, char character, int used, StringBuilder text)
    {
        if (!isDecoded) return 0;
        text.Append(character);
        return used;
    }

    private static (int Length, bool IsLeft, CodedSet Set)? Select(ReadOnlySpan<byte> bytes)
    {
        foreach (var (sequence, isLeft, set) in Escapes)
            if (bytes.StartsWith(sequence)) return (sequence.Length, isLeft, set.Value);
        return null;
    }

    private static (byte[], bool, Lazy<CodedSet>) G0(string escape, Func<CodedSet> set) =>
        (Encoding.ASCII.GetBytes(escape), true, new(set));

    private static (byte[], bool, Lazy<CodedSet>) G1(string escape, Func<CodedSet> set) =>
        (Encoding.ASCII.GetBytes(escape), false, new(set));
}
