namespace Aegis.Dicom.Deidentification;

/// <summary>An option column of table E.1-1.</summary>
internal enum OptionColumn : byte { None, Keep, Clean }

/// <summary>The Basic Profile column, with compound codes as in the table.</summary>
internal enum BasicAction
    : byte
{ Remove, Empty, Dummy, Remap, RemoveOrEmpty, RemoveOrDummy, EmptyOrDummy, RemoveEmptyOrDummy, RemapInside }

/// <summary>One row of table E.1-1.</summary>
internal sealed record ProfileRule(
    BasicAction Basic, OptionColumn Descriptors, OptionColumn Dates, OptionColumn Patient, OptionColumn Device, OptionColumn Uids,
    OptionColumn Institution);

/// <summary>PS3.15 table E.1-1, loaded once from Tables/profile.tsv.</summary>
internal static class ProfileTable
{
    private static readonly FrozenDictionary<uint, ProfileRule> Rules = EmbeddedTable.Rows("profile.tsv").ToFrozenDictionary(
        row => uint.Parse(row[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        row => new ProfileRule(
            ParseAction(row[1]), Column(row[2][0]), Column(row[2][1]), Column(row[2][2]), Column(row[2][3]), Column(row[2][4]),
            Column(row[2][5])));

    public static IEnumerable<KeyValuePair<uint, ProfileRule>> All => Rules;

    public static ProfileRule? Find(uint tag) => Rules.GetValueOrDefault(tag);

    private static OptionColumn Column(char letter) => letter switch
    {
        'K' => OptionColumn.Keep,
        'C' => OptionColumn.Clean,
        _ => OptionColumn.None,
    };

    private static BasicAction ParseAction(string code) => code switch
    {
        "X" => BasicAction.Remove,
        "Z" => BasicAction.Empty,
        "D" => BasicAction.Dummy,
        "U" => BasicAction.Remap,
        "X/Z" => BasicAction.RemoveOrEmpty,
        "X/D" => BasicAction.RemoveOrDummy,
        "Z/D" => BasicAction.EmptyOrDummy,
        "X/Z/D" => BasicAction.RemoveEmptyOrDummy,
        "X/Z/U*" => BasicAction.RemapInside,
        _ => throw new InvalidOperationException($"profile.tsv has the unknown action {code}."),
    };
}
