using System.Globalization;
using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Studies.Tracer;

/// <summary>
/// A unique value for each attribute and value representation. An attribute that the policy keeps when it is valid gets an invalid value,
/// so that every attribute has a canary that must be removed. Numbers outside table E.1-1 are not traced: they are kept by design.
/// </summary>
internal static class Canary
{
    /// <summary>Eight characters at the start of every text. Escaping the rest of the text does not change them.</summary>
    public const string Mark = "QZXJVKWP";

    public const string UidRoot = "1.3.6.1.4.1.99731.";
    /// <summary>Looks like a UID of the standard but is a birth date.</summary>
    public const string StandardRoot = "1.2.840.10008.19710305.";

    private const string DecimalMark = "731.73173";
    public const string TimeMark = "131731.";
    private static readonly DateOnly FirstDate = new(1861, 1, 2);

    private static readonly Dictionary<uint, int> Numbers = DataDictionary.All.Select(x => x.Key).Order().Select((tag, i) => (tag, i))
        .ToDictionary(x => x.tag, x => x.i);

    /// <summary>Texts that a search looks for in addition to the mark. They cannot be part of a number or a mapped UID.</summary>
    public static IEnumerable<string> Others => [UidRoot, StandardRoot, DecimalMark, TimeMark, "773Y"];

    /// <summary>True for a run of digits that is a date or an integer of ours.</summary>
    public static bool IsOurs(ReadOnlySpan<byte> digits) => digits.Length switch
    {
        8 => digits.StartsWith("18"u8) && digits[2] is >= (byte)'6' and <= (byte)'9',
        10 => digits.StartsWith("1731"u8),
        14 => digits.EndsWith("131731"u8) && digits.StartsWith("18"u8),
        _ => false,
    };

    /// <summary>
    /// A valid value for attributes that must be removed, and an invalid one for attributes that are kept when valid. Null for attributes
    /// that are always kept, and for those that refuse the file when they are invalid.
    /// </summary>
    public static byte[]? For(uint tag, AttributeEntry entry, Vr vr, bool deep)
    {
        if (NeededValues.Contains(tag)) return null;
        var listed = ProfileTable.Find(tag) is not null;
        var number = Numbers[tag];
        var text = $"{Mark}{tag:X8}";
        return vr.Family() switch
        {
            VrFamily.Text or VrFamily.Title when vr is Vr.UN => Encoding.ASCII.GetBytes(text),
            VrFamily.Text when AllowLists.KeepsText(tag) && !AllowLists.KeepsWords(tag) && vr == entry.Vr => null,
            VrFamily.Text or VrFamily.Title => Ascii(Text(vr, text)),
            VrFamily.Grammar when listed => Ascii(Grammar(vr, text, number)),
            VrFamily.Grammar => Ascii(text.ToLowerInvariant()),
            VrFamily.Date => Ascii(Date(vr, number)),
            VrFamily.Identifier => Ascii($"{UidRoot}{number}.{(deep ? 3 : 1)}"),
            VrFamily.Bulk =>
                AllowLists.KeepsBulk(tag) && !LookupTables.IsData(tag) && tag is not (Tags.ExtendedOffsets or Tags.ExtendedLengths)
                    ? null
                    : Ascii(text),
            VrFamily.Number when listed && vr.Width() > 2 => Encoding.ASCII.GetBytes(Mark[..vr.Width()]),
            _ => null,
        };
    }

    private static string Text(Vr vr, string text) => vr switch
    {
        Vr.SH or Vr.AE => text,
        Vr.PN => $"{text}^JANE",
        Vr.UR => $"urn:{text}",
        Vr.LT or Vr.ST or Vr.UT => $"{text}\r\n\"second line\" & more",
        _ => $"{text} /+é",
    };

    private static string Grammar(Vr vr, string text, int number) => vr switch
    {
        Vr.CS => text,
        Vr.AS => "773Y",
        Vr.IS => (1731000000 + number).ToString(CultureInfo.InvariantCulture),
        _ => DecimalMark + number,
    };

    private static string Date(Vr vr, int number)
    {
        var date = FirstDate.AddDays(number).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
        return vr switch { Vr.DA => date, Vr.TM => $"{TimeMark}{number % 1_000_000}", _ => $"{date}{TimeMark}{number % 1_000_000}" };
    }

    private static byte[] Ascii(string text) =>
        Encoding.Latin1.GetBytes(text.Length % 2 == 0 ? text : text + (text.StartsWith(UidRoot, StringComparison.Ordinal) ? '\0' : ' '));
}
