using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

/// <summary>Attributes that keep terms lose them when they repeat the identity of the file's patient.</summary>
public sealed class RepeatedIdentityTests
{
    private static Part10File File(string name, string characterSet = "ISO_IR 192") => Part10File.Minimal()
        .Add(0x00080005, "CS", characterSet).Add(0x00080050, "SH", "ACC-20045")
        .Add(0x00100010, "PN", Encoding.UTF8.GetBytes(name.Length % 2 == 0 ? name : name + " "))
        .Add(0x00100020, "LO", "MRN-0042").Add(0x00100030, "DA", "19710305");

    [Theory]
    [InlineData("DOE^JANE", "DOE^JANE")]
    [InlineData("DOE^JANE", "Doe, Jane")]
    [InlineData("DOE^JANE", "scanner of jane")]
    [InlineData("DOE^JANE", "JaneDoe")]
    [InlineData("O'BRIEN^JANE", "OBrien ward")]
    [InlineData("O'BRIEN^JANE", "O'Brien")]
    [InlineData("Smith-Jones^Ann", "JONES")]
    [InlineData("Mueller^Jane", "Mueller")]
    [InlineData("DOE^JANE", "MRN-0042")]
    [InlineData("DOE^JANE", "id mrn0042 of 3")]
    [InlineData("DOE^JANE", "born 1971-03-05")]
    [InlineData("DOE^JANE", "05.03.1971")]
    [InlineData("DOE^JANE", "for ACC-20045")]
    public async Task A_kept_text_that_names_the_patient_is_emptied_everywhere(string name, string text)
    {
        var item = new Part10File().Add(0x00080070, "LO", text);
        var file = File(name).Add(0x00080070, "LO", text).Add(0x00181020, "LO", text)
            .Add(0x00181210, "SH", text.Length > 16 ? "DOE" : text);
        file.Sequence(0x00081140, item).Sequence(0x00400275, item);

        var result = await Deidentified.From(file);

        result["0008,0070"].Should().BeEmpty();
        result["0018,1020"].Should().BeEmpty();
        result["0008,1140/0/0008,0070"].Should().BeEmpty();
        result.Contains(text).Should().BeFalse();
        result.Report.DroppedTags.Should().Contain("0008,0070").And.Contain("0018,1020");
    }

    [Theory]
    [InlineData("Müller^Jane", "ISO_IR 192", "Muller")]
    [InlineData("Müller^Jane", "ISO_IR 192", "MUELLER")]
    [InlineData("Yamada^Tarou=山田^太郎", "ISO_IR 192", "Yamada")]
    public async Task The_name_is_found_in_other_spellings(string name, string characterSet, string text)
    {
        var result = await Deidentified.From(File(name, characterSet).Add(0x00080070, "LO", text));

        result["0008,0070"].Should().BeEmpty();
    }

    [Fact]
    public async Task A_code_that_names_the_patient_is_dropped_alone()
    {
        var file = File("DOE^JANE").Add(0x00080008, "CS", @"ORIGINAL\PRIMARY\DOE JANE\19710305").Add(0x00180022, "CS", @"PFF\JANE")
            .Add(0x00185100, "CS", "MRN0042");

        var result = await Deidentified.From(file);

        result["0008,0008"]!.Split('\\').Select(x => x.Trim()).Should().Equal("ORIGINAL", "PRIMARY", "", "");
        result["0018,0022"]!.TrimEnd('\\').Should().Be("PFF");
        result["0018,5100"].Should().BeEmpty();
        result.Report.DroppedTags.Should().Contain(["0008,0008", "0018,0022", "0018,5100"]);
    }

    [Theory]
    [InlineData("HEAD^ANNA", 0x00180015u, "CS", "HEAD")]
    [InlineData("PHILIPS^ANNA", 0x00080070u, "LO", "Philips Medical Systems")]
    [InlineData("LI^NA", 0x00080070u, "LO", "LI-COR NA")]
    [InlineData("DOE^JANE", 0x00080070u, "LO", "SIEMENS")]
    [InlineData("DOE^JANE", 0x00181020u, "LO", @"syngo MR E11\doenut 3")]
    public async Task Imaging_terms_stay_even_if_they_are_names(string name, uint tag, string vr, string text)
    {
        var result = await Deidentified.From(File(name).Add(tag, vr, text));

        result[$"{tag >> 16:X4},{tag & 0xFFFF:X4}"].Should().Be(text);
        result.Report.DroppedTags.Should().BeEmpty();
    }

    [Theory]
    [InlineData("SIEMENS\u001b$B;3ED")]
    [InlineData("SIE\nMENS")]
    [InlineData("SIEMENS\0DOE")]
    public async Task A_text_with_control_characters_is_not_kept_as_a_term(string text)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080070, "LO", text));

        result["0008,0070"].Should().BeEmpty();
    }

    [Fact]
    public async Task Two_dates_with_a_hyphen_are_not_a_date_with_a_time_zone()
    {
        var file = Part10File.Minimal().Add(0x0008002A, "DT", "19630917-19631017").Add(0x00189151, "DT", "19630917031733.5-0530");

        var result = await Deidentified.From(file, new() { Dates = DateTreatment.Shift });

        result.Contains("19631017").Should().BeFalse();
        result["0018,9151"].Should().EndWith("031733.5-0530");
    }
}
