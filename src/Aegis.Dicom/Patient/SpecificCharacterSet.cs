namespace Aegis.Dicom.Patient;

/// <summary>Decodes names by Specific Character Set (0008,0005; PS3.3 C.12.1.1.2). Returns nothing rather than a guess.</summary>
internal sealed class SpecificCharacterSet
{
    private const string Extension = "ISO 2022 IR ";

    private readonly Encoding? encoding;
    private readonly CodedSet? right;
    private readonly bool isExtended;
    private readonly bool isRomaji;

    private SpecificCharacterSet(bool isKnown, Encoding? encoding, CodedSet? right, bool isExtended, bool isRomaji = false) =>
        (IsKnown, this.encoding, this.right, this.isExtended, this.isRomaji) = (isKnown, encoding, right, isExtended, isRomaji);

    public static readonly SpecificCharacterSet Default = Parse("");

    public bool IsKnown { get; }

    /// <param name="terms">The value of the attribute: defined terms separated by backslashes.</param>
    public static SpecificCharacterSet Parse(string terms)
    {
        var parts = terms.Split('\\', StringSplitOptions.TrimEntries);
        if (WholeEncoding(parts[0]) is { } encoding) return new(true, encoding, null, false); // these allow no extensions
        var isExtended = parts.Length > 1 || parts[0].StartsWith(Extension, StringComparison.Ordinal);
        var isKnown = Array.TrueForAll(parts, x => Find(x).IsKnown);
        var isRomaji = Array.Exists(parts, x => x.EndsWith("IR 13", StringComparison.Ordinal));
        return new(isKnown, null, Find(parts[0]).Right, isExtended, isRomaji);
    }

    /// <summary>The groups of a person name (PS3.5 6.2.1), alphabetic first, up to the first group that cannot be decoded.</summary>
    public IReadOnlyList<string> DecodeName(ReadOnlySpan<byte> name)
    {
        if (IsPlain(name)) return Encoding.ASCII.GetString(name).Split('=');
        if (!IsKnown) return [];
        if (encoding is null) return CodeExtensions.Groups(name, right, isExtended);

        var groups = new List<string>();
        foreach (var group in name.Split((byte)'=')) // in these encodings no byte of a longer character is an equals sign
        {
            if (Decode(encoding, name[group]) is not { } text) break;
            groups.Add(text);
        }
        return groups;
    }

    // Every set has ASCII in its left half, so plain names need no label. ISO-IR 14 has other characters for \ and ~.
    private bool IsPlain(ReadOnlySpan<byte> name) =>
        !name.ContainsAnyExceptInRange((byte)0x20, (byte)0x7E) && !(isRomaji && name.ContainsAny((byte)'\\', (byte)'~'));

    private static string? Decode(Encoding encoding, ReadOnlySpan<byte> text)
    {
        try
        {
            return encoding.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return null; // the declared set does not define these bytes, so they cannot be compared
        }
    }

    private static Encoding? WholeEncoding(string term) => term switch
    {
        "ISO_IR 192" => CodedSet.Strict(65001),
        "GB18030" => CodedSet.Strict(54936),
        "GBK" => CodedSet.Strict(936),
        _ => null,
    };

    // The initial right half for a term. Two-byte sets begin only with an escape.
    private static (bool IsKnown, CodedSet? Right) Find(string term) => term.Replace(Extension, "ISO_IR ", StringComparison.Ordinal) switch
    {
        "" or "ISO_IR 6" or "ISO_IR 87" or "ISO_IR 159" or "ISO_IR 149" or "ISO_IR 58" => (true, null),
        "ISO_IR 100" => (true, CodeExtensions.RightOf("-A")),
        "ISO_IR 101" => (true, CodeExtensions.RightOf("-B")),
        "ISO_IR 109" => (true, CodeExtensions.RightOf("-C")),
        "ISO_IR 110" => (true, CodeExtensions.RightOf("-D")),
        "ISO_IR 144" => (true, CodeExtensions.RightOf("-L")),
        "ISO_IR 127" => (true, CodeExtensions.RightOf("-G")),
        "ISO_IR 126" => (true, CodeExtensions.RightOf("-F")),
        "ISO_IR 138" => (true, CodeExtensions.RightOf("-H")),
        "ISO_IR 148" => (true, CodeExtensions.RightOf("-M")),
        "ISO_IR 203" => (true, CodeExtensions.RightOf("-b")),
        "ISO_IR 166" => (true, CodeExtensions.RightOf("-T")),
        "ISO_IR 13" => (true, CodeExtensions.RightOf(")I")),
        _ => (false, null),
    };
}
