using Aegis.Dicom.Patient;

namespace Aegis.Interop.Tests.Images;

/// <summary>Names in every character set, decoded by pydicom and by Aegis.</summary>
public sealed class CharacterSetTests
{
    private static readonly (string Terms, string Name)[] Names =
    [
        (@"\ISO 2022 IR 87", "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B"),
        (@"ISO 2022 IR 13\ISO 2022 IR 87",
            "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J"),
        (@"\ISO 2022 IR 149", "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF"),
        (@"\ISO 2022 IR 58", "Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB"),
        (@"\ISO 2022 IR 159", "Name^A=\x1B$(D\x30\x21\x1B(B"),
        ("ISO_IR 192", "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1"),
        ("GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB"),
        ("GBK", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB"),
        ("ISO_IR 100", "M\xFCller^J\xF6rg"), ("ISO_IR 101", "Ji\xF8\xED^Nov\xE1k"), ("ISO_IR 109", "\xC5a\xB1aq^A"),
        ("ISO_IR 110", "\xABirts^B"),
        ("ISO_IR 144", "\xBB\xEE\xDA\x63\x65\xDC\xD1\xEA\xE0\xD3"), ("ISO_IR 127", "\xE2\xC8\xC7\xE6\xEA^\xE4\xE6\xD2\xC7\xD1"),
        ("ISO_IR 126", "\xC4\xE9\xEF\xED\xF5\xF3\xE9\xEF\xF2"), ("ISO_IR 138", "\xF9\xF8\xE5\xEF^\xE3\xE1\xE5\xF8\xE4"),
        ("ISO_IR 148", "\xC7avu\xFEo\xF0lu"), ("ISO_IR 166", "\xB9\xD2\xC1\xCA\xA1\xD8\xC5"),
        ("ISO_IR 13", "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3"),
        (@"\ISO 2022 IR 100\ISO 2022 IR 144", "\x1B-AM\xFCller^\x1B-L\xB8\xD2\xD0\xDD"),
    ];

    [InteropFact("pydicom")]
    public async Task Pydicom_and_Aegis_read_the_same_names()
    {
        var arguments = Names.SelectMany(x => new[] { x.Terms, Convert.ToHexString(Encoding.Latin1.GetBytes(x.Name)) });

        var theirs = Describe.Lines<NameView>(await Tool.Run(Tool.Python, [Path.Combine(Tool.Folder, "Images", "names.py"), .. arguments]));

        var ours = Names.Select(x => SpecificCharacterSet.Parse(x.Terms).DecodeName(Encoding.Latin1.GetBytes(x.Name)));
        ours.Should().BeEquivalentTo(theirs.Select(x => x.Groups.Select(Clean)), how => how.WithStrictOrdering());
    }

    // pydicom leaves only this escape in the text.
    private static string Clean(string group) => group.Replace("\x1B$)A", "", StringComparison.Ordinal);

    private sealed record NameView(string[] Groups);
}
