using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Dictionary;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Dicom;

public sealed class ProfileTests
{
    [Theory]
    [InlineData(0x00080090, "PN", "HOUSE^GREGORY", "")] // Z
    [InlineData(0x00104000, "LT", "likes tea", null)] // X
    [InlineData(0x00120020, "LO", "PROTOCOL-1", "REMOVED")] // D
    [InlineData(0x00080080, "LO", "General Hospital", "REMOVED")] // X/Z/D
    [InlineData(0x00181030, "LO", "DOE PROTOCOL", "REMOVED")] // X/D
    [InlineData(0x00080022, "DA", "20240517", "")] // X/Z
    [InlineData(0x00080021, "DA", "20240517", "19000101")] // X/D
    [InlineData(0x0008002A, "DT", "20240517101500", "19000101000000")] // X/Z/D
    [InlineData(0x00080032, "TM", "101500", "")] // X/Z
    [InlineData(0x00080031, "TM", "101500", "000000")] // X/D
    [InlineData(0x00101010, "AS", "053Y", null)] // X
    [InlineData(0x0040A123, "PN", "DOE^JANE", "ANONYMOUS")] // D
    public async Task The_profile_table_decides_about_its_attributes(uint tag, string vr, string value, string? expected)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(tag, vr, value));

        result[Name(tag)].Should().Be(expected);
    }

    [Theory]
    [InlineData(0x00080102, "SH", "99LOCAL", "")] // text: denied
    [InlineData(0x00200062, "CS", "R", "R")] // a defined term
    [InlineData(0x00180015, "CS", "Chest of Jane", "")] // not a term
    [InlineData(0x00180050, "DS", "5.0", "5.0")]
    [InlineData(0x00180050, "DS", "five", "")]
    [InlineData(0x00200013, "IS", "7", "7")]
    [InlineData(0x00200013, "IS", "1234567890123", "")]
    [InlineData(0x00080070, "LO", "ACME", "ACME")] // allow list
    [InlineData(0x00080070, "PN", "DOE^JANE", "")] // a name where a term was reviewed
    [InlineData(0x00080070, "UT", "A long text about Jane", "")]
    [InlineData(0x00080070, "LO", "ACME\\Jane Doe", "")] // more values than the attribute has
    [InlineData(0x00180015, "CS", "DOE\\JANE", "")]
    [InlineData(0x00280A04, "LO", "by Jane", "")] // text: denied
    [InlineData(0x00144076, "DA", "20240517", null)] // a date outside the table
    [InlineData(0x00282000, "OB", "profile!", null)] // binary that is neither pixels nor a table
    public async Task Outside_the_table_only_values_that_cannot_be_text_stay(uint tag, string vr, string value, string? expected)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(tag, vr, value));

        result[Name(tag)].Should().Be(expected);
    }

    [Fact]
    public async Task More_numbers_than_the_attribute_has_are_removed()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00280120, "US", new byte[4]).Add(0x00280011, "US", [1, 0]));

        result["0028,0120"].Should().BeNull();
        result.Values["0028,0011"].Should().Equal(1, 0);
    }

    [Fact]
    public async Task Sequences_with_action_D_get_an_empty_item_and_others_become_empty()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x0040A730, file.Item().Add(0x0040A160, "UT", "text")) // D
            .OpenSequence(0x00080082, file.Item().Add(0x00080104, "LO", "General Hospital")) // X/Z/D
            .Sequence(0x00081110, file.Item().Add(0x00081155, "UI", "1.2")); // X/Z

        var result = await Deidentified.From(file);

        result.Values.Keys.Where(x => x.StartsWith("0040,A730") || x.StartsWith("0008,0082") || x.StartsWith("0008,1110"))
            .Should().BeEquivalentTo("0040,A730", "0008,0082", "0008,1110");
        result.Bytes.AsSpan().IndexOf([.. Part10File.Delimiter(0xFFFEE000, Part10File.Undefined), .. Part10File.Delimiter(0xFFFEE00D, 0)])
            .Should().BePositive();
    }

    [Theory]
    [InlineData("SCT", "SCT", "12738006", "Brain")]
    [InlineData("99LOCAL", "", "", "")]
    public async Task A_code_stays_when_its_scheme_is_public(string scheme, string keptScheme, string keptValue, string keptMeaning)
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00082218,
            file.Item().Add(0x00080100, "SH", "12738006").Add(0x00080102, "SH", scheme).Add(0x00080104, "LO", "Brain of Jane"));

        var result = await Deidentified.From(file);

        result["0008,2218/0/0008,0100"].Should().Be(keptValue);
        result["0008,2218/0/0008,0102"].Should().Be(keptScheme);
        result["0008,2218/0/0008,0104"].Should().Be(keptMeaning);
    }

    [Fact]
    public async Task A_code_without_a_scheme_in_its_item_is_emptied()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00082218,
            file.Item().Add(0x00080100, "SH", "113040").Add(0x00080102, "SH", "DCM").Add(0x00080104, "LO", "Lossy Compression"),
            file.Item().Add(0x00080100, "SH", "JANE").Add(0x00080104, "LO", "JANE"));

        var result = await Deidentified.From(file);

        result["0008,2218/0/0008,0104"].Should().Be("Lossy Compression");
        result.Contains("JANE").Should().BeFalse();
    }

    [Fact]
    public async Task A_code_is_emptied_when_a_sequence_follows_it_directly()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00082218, file.Item().Add(0x00080100, "SH", "JANE").Sequence(0x00080121, file.Item().Add(0x00080102, "SH", "DCM"))
            .Add(0x00080104, "LO", "JANE"));

        var result = await Deidentified.From(file);

        result.Values.Keys.Where(x => x.StartsWith("0008,2218/0/")).First().Should().Be("0008,2218/0/0008,0100");
        result.Contains("JANE").Should().BeFalse();
    }

    [Fact]
    public async Task A_term_longer_than_its_representation_allows_is_emptied()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080070, "LO", new string('a', 257))
            .Add(0x00181210, "SH", "B30f"));

        result["0008,0070"].Should().BeEmpty();
        result["0018,1210"].Should().Be("B30f");
    }

    [Fact]
    public async Task The_de_identification_is_stated_whatever_the_source_claims()
    {
        var file = Part10File.Minimal().Add(0x00120062, "CS", "NO").Add(0x00120063, "LO", "their method")
            .Add(0x00280303, "CS", "UNMODIFIED").Add(0x00280010, "US", [1, 0]);
        file.Sequence(0x00120064, file.Item().Add(0x00080100, "SH", "113101").Add(0x00080102, "SH", "DCM"));

        var result = await Deidentified.From(file);

        result["0012,0062"].Should().Be("YES");
        result["0012,0063"].Should().StartWith("Aegis");
        result["0012,0064/0/0008,0100"].Should().Be("113100");
        result["0012,0064/1/0008,0100"].Should().BeNull();
        result["0028,0303"].Should().Be("REMOVED");
        result.Values.Keys.Where(x => !x.Contains('/')).Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_report_counts_what_was_done()
    {
        var file = Part10File.Minimal().Add(0x00104000, "LT", "x").Add(0x00100010, "PN", "DOE").Add(0x00080050, "SH", "");

        var result = await Deidentified.From(file);

        result.Report.Counts.Should().Be(new TreatmentCounts(Removed: 1, Replaced: 2, Remapped: 3, Cleaned: 0));
        result.Report.BytesRead.Should().Be(file.ToBytes().Length);
        result.Report.BytesWritten.Should().Be(result.Bytes.Length);
    }

    [Fact]
    public void Both_tables_of_the_standard_are_complete()
    {
        DataDictionary.All.Count().Should().Be(5035);
        ProfileTable.All.Count().Should().Be(615);
        ProfileTable.All.Where(x => x.Key >> 16 != 2).Should().OnlyContain(x => DataDictionary.Find(x.Key) != null);
        DataDictionary.Find(0x60023000)!.Vr.Should().Be(Vr.ObOrOw);
        DataDictionary.Find(0x60033000).Should().BeNull();
    }

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
}
