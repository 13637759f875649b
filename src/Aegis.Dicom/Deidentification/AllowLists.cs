namespace Aegis.Dicom.Deidentification;

/// <summary>A private element whose meaning is published and numeric (PS3.15 table E.3.10-1).</summary>
internal sealed record SafePrivateElement(string Creator, uint Group, uint Element, Vr Vr);

/// <summary>Reviewed lists of attributes that stay although the profile does not cover them. Each file gives a reason per line.</summary>
internal static class AllowLists
{
    private static readonly FrozenSet<uint> Texts = Column("kept-text.tsv");
    private static readonly FrozenSet<uint> Bulk = Column("kept-bulk.tsv");
    private static readonly SafePrivateElement[] Private = [.. EmbeddedTable.Rows("safe-private.tsv").Select(row =>
        new SafePrivateElement(row[0], Hex(row[1]), Hex(row[2]), VrTraits.Parse((byte)row[3][0], (byte)row[3][1])))];

    public static IEnumerable<uint> KeptTexts => Texts;

    public static bool KeepsText(uint tag) => Texts.Contains(tag);

    public static bool KeepsBulk(uint tag) => Bulk.Contains(tag);

    /// <summary>Names that people give to regions and segments. They are cleaned like descriptions, by the same option.</summary>
    public static bool IsLabel(uint tag) => tag is SegmentLabel or SegmentDescription;

    /// <summary>Names of presets, which users choose freely: only known words stay.</summary>
    public static bool KeepsWords(uint tag) => tag is WindowExplanation or LutExplanation;

    /// <summary>Table E.1-1 removes it, but readers miss it, so the report names it.</summary>
    public static bool IsReported(uint tag) => tag is RoiName;

    public static bool IsSafeCreator(string creator, uint group) =>
        Array.Exists(Private, x => x.Group == group && x.Creator == creator);

    public static SafePrivateElement? FindPrivate(string creator, uint tag) =>
        Array.Find(Private, x => x.Group == tag >> 16 && x.Element == (tag & 0xFF) && x.Creator == creator);

    private const uint SegmentLabel = 0x0062_0005, SegmentDescription = 0x0062_0006, RoiName = 0x3006_0026,
        WindowExplanation = 0x0028_1055, LutExplanation = 0x0028_3003;

    private static FrozenSet<uint> Column(string table) => EmbeddedTable.Rows(table).Select(row => Hex(row[0])).ToFrozenSet();

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}
