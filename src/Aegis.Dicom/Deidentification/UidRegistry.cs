namespace Aegis.Dicom.Deidentification;

/// <summary>
/// The UIDs that the standard registers (PS3.6 annex A), each with its purpose. A prefix proves nothing: anybody may write
/// 1.2.840.10008 followed by a birth date.
/// </summary>
internal static class UidRegistry
{
    private static readonly FrozenSet<string> Registered = EmbeddedTable.Rows("uids.tsv").Select(row => row[1] + " " + row[0])
        .ToFrozenSet(StringComparer.Ordinal);

    private static readonly FrozenSet<string> Private = EmbeddedTable.Rows("private-classes.tsv").Select(row => row[0])
        .ToFrozenSet(StringComparer.Ordinal);

    // The kind of UID is derived from the attribute's keyword in the dictionary.
    private static readonly FrozenDictionary<uint, string> Kinds = DataDictionary.All
        .Where(x => x.Value.Vr is Part10.Vr.UI && KindOf(x.Key, x.Value.Keyword) is not null)
        .ToFrozenDictionary(x => x.Key, x => KindOf(x.Key, x.Value.Keyword)!);

    public static IEnumerable<KeyValuePair<uint, string>> Attributes => Kinds;

    /// <summary>The UID is registered for the kind of this attribute.</summary>
    public static bool Has(uint tag, string uid) => Kinds.TryGetValue(tag, out var kind) && Registered.Contains(kind + " " + uid);

    /// <summary>A vendor's SOP class that was reviewed. Without it nobody can tell what the object is.</summary>
    public static bool IsKnownPrivateClass(uint tag, string uid) => IsClass(tag) && Private.Contains(uid);

    /// <summary>The attribute contains SOP class UIDs.</summary>
    public static bool IsClass(uint tag) => Kinds.TryGetValue(tag, out var kind) && kind == "class";

    private static string? KindOf(uint tag, string keyword)
    {
        if (keyword.Contains("SOPClass", StringComparison.Ordinal)) return "class";
        if (keyword.Contains("TransferSyntax", StringComparison.Ordinal)) return "syntax";
        if (keyword == "SynchronizationFrameOfReferenceUID") return "time";
        if (keyword.EndsWith("FrameOfReferenceUID", StringComparison.Ordinal)) return "frame";
        if (keyword == "CodingSchemeUID") return "scheme";
        if (keyword == "MappingResourceUID") return "resource";
        return tag is Part10.Tags.SopInstance or ReferencedInstance or PaletteInstance or ReferencedPalette ? "instance" : null;
    }

    private const uint ReferencedInstance = 0x0008_1155, PaletteInstance = 0x0028_1199, ReferencedPalette = 0x0028_0304;
}
