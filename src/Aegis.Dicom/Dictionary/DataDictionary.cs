namespace Aegis.Dicom.Dictionary;

/// <summary>One row of PS3.6: representation, maximum number of values (0: unlimited), keyword.</summary>
internal sealed record AttributeEntry(Vr Vr, int MaxValues, string Keyword);

/// <summary>The data dictionary (PS3.6), loaded once from Tables/attributes.tsv.</summary>
internal static class DataDictionary
{
    private sealed record Repeating(uint Mask, uint Value, AttributeEntry Entry);

    private static readonly FrozenDictionary<uint, AttributeEntry> Attributes;
    private static readonly Repeating[] RepeatingGroups;

    static DataDictionary()
    {
        var single = new Dictionary<uint, AttributeEntry>();
        var repeating = new List<Repeating>();
        foreach (var row in EmbeddedTable.Rows("attributes.tsv"))
        {
            var entry = new AttributeEntry(ParseVr(row[1]), int.Parse(row[2], CultureInfo.InvariantCulture), row[3]);
            if (!row[0].Contains('X', StringComparison.Ordinal)) single.Add(Hex(row[0]), entry);
            else repeating.Add(new(Hex(Pattern(row[0], digit: 'F', wild: '0')), Hex(Pattern(row[0], digit: null, wild: '0')), entry));
        }
        Attributes = single.ToFrozenDictionary();
        RepeatingGroups = [.. repeating];
    }

    public static IEnumerable<KeyValuePair<uint, AttributeEntry>> All => Attributes;

    public static AttributeEntry? Find(uint tag)
    {
        if (Attributes.TryGetValue(tag, out var entry)) return entry;
        return Tags.IsPrivate(tag) ? null : FindRepeating(tag);
    }

    /// <summary>The representation that implicit VR omits: from the dictionary, or UN for unknown attributes.</summary>
    public static Vr Representation(uint tag, AttributeEntry? known) =>
        known?.Vr ?? (Tags.IsPrivateCreator(tag) ? Vr.LO : Tags.IsGroupLength(tag) ? Vr.UL : Vr.UN);

    private static AttributeEntry? FindRepeating(uint tag)
    {
        foreach (var candidate in RepeatingGroups)
            if ((tag & candidate.Mask) == candidate.Value) return candidate.Entry;
        return null;
    }

    private static string Pattern(string text, char? digit, char wild) =>
        string.Create(text.Length, (text, digit, wild), static (to, x) =>
        {
            for (var i = 0; i < to.Length; i++) to[i] = x.text[i] == 'X' ? x.wild : x.digit ?? x.text[i];
        });

    private static uint Hex(string text) => uint.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private static Vr ParseVr(string text) => text switch
    {
        "xs" => Vr.UsOrSs,
        "ox" => Vr.ObOrOw,
        "xw" => Vr.UsOrOw,
        _ => VrTraits.Parse((byte)text[0], (byte)text[1]),
    };
}
