using System.Text;

namespace Aegis.Dicom.Patient;

/// <summary>Decodes text by Specific Character Set (0008,0005; PS3.3 C.12.1.1.2). Null rather than a guess.</summary>
internal sealed class SpecificCharacterSet
{
    private const byte Escape = 0x1B;
    private readonly Encoding? _encoding;
    private readonly bool _extended;

    private SpecificCharacterSet(Encoding? encoding, bool extended) => (_encoding, _extended) = (encoding, extended);

    public static readonly SpecificCharacterSet Default = Parse("");

    public bool IsKnown => _encoding is not null;

    /// <param name="terms">The value of the attribute: defined terms separated by backslashes.</param>
    public static SpecificCharacterSet Parse(string terms)
    {
        var parts = terms.Split('\\', StringSplitOptions.TrimEntries);
        return new(Find(parts[0]), extended: parts.Length > 1);
    }

    /// <summary>The alphabetic group of a person name (PS3.5 6.2.1), or null when it cannot be decoded.</summary>
    public string? DecodeName(ReadOnlySpan<byte> name)
    {
        // Code extensions switch at escapes; the alphabetic group comes first and rarely has any.
        if (_extended && name.IndexOf((byte)'=') is >= 0 and var end) name = name[..end];
        return Decode(name)?.Split('=')[0];
    }

    public string? Decode(ReadOnlySpan<byte> text)
    {
        if (_encoding is null || text.Contains(Escape)) return null;
        try
        {
            return _encoding.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            return null; // bytes the declared set does not have: whatever they mean, they cannot be compared
        }
    }

    private static Encoding? Find(string term) => term.Replace("ISO 2022 IR ", "ISO_IR ", StringComparison.Ordinal) switch
    {
        "" or "ISO_IR 6" => Strict(20127),
        "ISO_IR 100" => Strict(28591),
        "ISO_IR 101" => Strict(28592),
        "ISO_IR 109" => Strict(28593),
        "ISO_IR 110" => Strict(28594),
        "ISO_IR 144" => Strict(28595),
        "ISO_IR 127" => Strict(28596),
        "ISO_IR 126" => Strict(28597),
        "ISO_IR 138" => Strict(28598),
        "ISO_IR 148" => Strict(28599),
        "ISO_IR 203" => Strict(28605),
        "ISO_IR 166" => Strict(874),
        "ISO_IR 192" => Strict(65001),
        "GB18030" => Strict(54936),
        "GBK" => Strict(936),
        // JIS X 0201: ASCII in its lower half but for two signs, and names romanized there.
        "ISO_IR 13" => Strict(20127),
        _ => null,
    };

    private static Encoding Strict(int codePage)
    {
        var encoding = codePage is 20127 or 28591 or 65001 ? Encoding.GetEncoding(codePage) : CodePagesEncodingProvider.Instance.GetEncoding(codePage)!;
        var strict = (Encoding)encoding.Clone();
        strict.DecoderFallback = DecoderFallback.ExceptionFallback;
        return strict;
    }
}
