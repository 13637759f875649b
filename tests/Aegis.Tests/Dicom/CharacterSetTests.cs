using Aegis.Dicom.Patient;

namespace Aegis.Tests.Dicom;

/// <summary>Names as PS3.5 encodes them in its annexes H to K, and one name in each single-byte set.</summary>
public sealed class CharacterSetTests
{
    public static TheoryData<string, string, string> Annexes => new()
    {
        { @"\ISO 2022 IR 87", "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B",
            "Yamada^Tarou=山田^太郎=やまだ^たろう" },
        { @"ISO 2022 IR 13\ISO 2022 IR 87",
            "\xD4\xCF\xC0\xDE^\xC0\xDB\xB3=\x1B$B;3ED\x1B(J^\x1B$BB@O:\x1B(J=\x1B$B$d$^$@\x1B(J^\x1B$B$?$m$&\x1B(J",
            "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう" },
        { @"\ISO 2022 IR 149", "Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF",
            "Hong^Gildong=洪^吉洞=홍^길동" },
        { "ISO_IR 192", "Wang^XiaoDong=\xE7\x8E\x8B^\xE5\xB0\x8F\xE6\x9D\xB1", "Wang^XiaoDong=王^小東" },
        { "GB18030", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB", "Wang^XiaoDong=王^小东" },
        { "GBK", "Wang^XiaoDong=\xCD\xF5^\xD0\xA1\xB6\xAB", "Wang^XiaoDong=王^小东" },
        { @"\ISO 2022 IR 58", "Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB", "Zhang^XiaoDong=张^小东" },
        { @"\ISO 2022 IR 159", "=\x1B$(D\x30\x21\x1B(B", "=丂" },
        { @"\ISO 2022 IR 100\ISO 2022 IR 144", "\x1B-AM\xFCller^\x1B-L\xB8\xD2\xD0\xDD", "Müller^Иван" },
    };

    public static TheoryData<string, int, string> SingleByte => new()
    {
        { "ISO_IR 100", 28591, "Müller" }, { "ISO_IR 101", 28592, "Jiří" }, { "ISO_IR 109", 28593, "Ċaħaq" },
        { "ISO_IR 110", 28594, "Ģirts" },
        { "ISO_IR 144", 28595, "Иван" }, { "ISO_IR 127", 28596, "قباني" }, { "ISO_IR 126", 28597, "Διονυσιος" },
        { "ISO_IR 138", 28598, "שרון" },
        { "ISO_IR 148", 28599, "Çavuşoğlu" }, { "ISO_IR 203", 28605, "Bœuf" }, { "ISO_IR 166", 874, "นามสกุล" },
        { "ISO_IR 13", 932, "ﾔﾏﾀﾞ" },
    };

    [Theory]
    [MemberData(nameof(Annexes))]
    public void A_name_of_the_annexes_is_decoded_in_all_its_groups(string terms, string bytes, string name) =>
        string.Join('=', Decode(terms, bytes)).Should().Be(name);

    [Theory]
    [MemberData(nameof(SingleByte))]
    public void Each_single_byte_set_is_decoded_alone_and_with_extensions(string term, int codePage, string name)
    {
        var bytes = Encoding.Latin1.GetString(CodePagesEncodingProvider.Instance.GetEncoding(codePage)?.GetBytes(name)
            ?? Encoding.Latin1.GetBytes(name));

        Decode(term, bytes).Should().Equal(name);
        Decode(term.Replace("ISO_IR", "ISO 2022 IR", StringComparison.Ordinal) + @"\ISO 2022 IR 87", bytes).Should().Equal(name);
    }

    [Theory]
    [InlineData('^')]
    [InlineData('=')]
    [InlineData('\\')]
    public void A_delimiter_ends_the_effect_of_an_escape(char delimiter) =>
        string.Join('=', Decode(@"\ISO 2022 IR 149", $"\x1B$)C\xB1\xE8{delimiter}\xB1\xE8")).Should().Be(delimiter == '=' ? "김" : "");

    [Theory]
    [InlineData(@"\ISO 2022 IR 87", "A=\x1B$B\x7E\x7E\x1B(B", "A")] // a gap of JIS X 0208
    [InlineData(@"\ISO 2022 IR 87", "A=\x1B$B\x3B", "A")] // half a character
    [InlineData(@"\ISO 2022 IR 149", "A=\x1B$)C\xB1", "A")]
    [InlineData(@"\ISO 2022 IR 87", "A=\x1B", "A")]
    [InlineData("ISO_IR 100", "A=\x85", "A")]
    [InlineData("ISO_IR 192", "A=\xFF", "A")]
    public void Undecodable_bytes_end_the_name_and_are_not_guessed(string terms, string bytes, string groups) =>
        string.Join('=', Decode(terms, bytes)).Should().Be(groups);

    [Theory]
    [InlineData("Yamada", "Tarou", PatientMatch.Match)]
    [InlineData("山田", "太郎", PatientMatch.Match)]
    [InlineData("やまだ", "たろう", PatientMatch.Match)]
    [InlineData("山田", "Tarou", PatientMatch.Mismatch)] // names of two groups mixed
    [InlineData("山田", "次郎", PatientMatch.Mismatch)]
    public async Task A_request_may_use_the_name_of_any_one_group(string family, string given, PatientMatch expected)
    {
        var name = Encoding.Latin1.GetBytes("Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B ");
        var file = Part10File.Minimal().Add(0x00080005, "CS", @"\ISO 2022 IR 87").Add(0x00100010, "PN", name)
            .Add(0x00100030, "DA", "19710305");

        (await Deidentified.From(file)).Report.Patient.Matches(family, given, "19710305").Should().Be(expected);
    }

    [Fact]
    public void A_rare_ideograph_is_part_of_a_name() => PatientIdentity.Fold("𠮷田").Should().Be("𠮷田");

    private static IReadOnlyList<string> Decode(string terms, string bytes) =>
        SpecificCharacterSet.Parse(terms).DecodeName(Encoding.Latin1.GetBytes(bytes));
}
