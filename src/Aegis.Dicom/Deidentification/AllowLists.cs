using System.Collections.Frozen;
using System.Globalization;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>A private element whose meaning is published and numeric (PS3.15 table E.3.10-1).</summary>
internal sealed record SafePrivateElement(string Creator, uint Group, uint Element, Vr Vr);

/// <summary>The reviewed lists of what stays although the profile does not speak of it; each file has a reason per line.</summary>
internal static class AllowLists
{
    private static readonly FrozenSet<uint> Texts = Column("kept-text.tsv");
    private static readonly FrozenSet<uint> Bulk = Column("kept-bulk.tsv");
    private static readonly FrozenSet<string> Schemes = EmbeddedTable.Rows("code-schemes.tsv").Select(row => row[0]).ToFrozenSet(StringComparer.Ordinal);
    private static readonly SafePrivateElement[] Private = [.. EmbeddedTable.Rows("safe-private.tsv").Select(row =>
        new SafePrivateElement(row[0], Hex(row[1]), Hex(row[2]), VrTraits.Parse((byte)row[3][0], (byte)row[3][1])))];

    public static IEnumerable<uint> KeptTexts => Texts;

    public static bool KeepsText(uint tag) => Texts.Contains(tag);

    public static bool KeepsBulk(uint tag) => Bulk.Contains(tag);

    /// <summary>Designators of public code systems. Local ones (99…) may hold anything.</summary>
    public static bool IsPublicScheme(string designator) => Schemes.Contains(designator);

    public static bool IsSafeCreator(string creator, uint group) =>
        Array.Exists(Private, x => x.Group == group && x.Creator == creator);

    public static SafePrivateElement? FindPrivate(string creator, uint tag) =>
        Array.Find(Private, x => x.Group == tag >> 16 && x.Element == (tag & 0xFF) && x.Creator == creator);

    private static FrozenSet<uint> Column(string table) => EmbeddedTable.Rows(table).Select(row => Hex(row[0])).ToFrozenSet();

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
