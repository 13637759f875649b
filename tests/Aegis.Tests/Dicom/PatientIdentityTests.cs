using Aegis.Dicom.Patient;

namespace Aegis.Tests.Dicom;

public sealed class PatientIdentityTests
{
    [Theory]
    [InlineData("DOE", "JANE", "19710305", PatientMatch.Match)]
    [InlineData("Doe", "jané", "19710305", PatientMatch.Match)]
    [InlineData("D'oe", "Ja-ne", "19710305", PatientMatch.Match)]
    [InlineData("ＤＯＥ", "JANE", "19710305", PatientMatch.Match)]
    [InlineData("ROE", "JANE", "19710305", PatientMatch.Mismatch)]
    [InlineData("DOE", "JOHN", "19710305", PatientMatch.Mismatch)]
    [InlineData("DOE", "JANE", "19710306", PatientMatch.Mismatch)]
    [InlineData(null, "JANE", "19710305", PatientMatch.Unverifiable)]
    [InlineData("DOE", null, "19710305", PatientMatch.Unverifiable)]
    [InlineData("DOE", "JANE", null, PatientMatch.Unverifiable)]
    [InlineData("ROE", "JANE", null, PatientMatch.Mismatch)]
    [InlineData("...", "JANE", "19710305", PatientMatch.Unverifiable)]
    public void Names_are_compared_by_their_letters_and_dates_by_their_digits(
        string? family, string? given, string? birthDate, PatientMatch expected)
    {
        var found = new PatientIdentity(family, given, birthDate);

        found.Matches("Doe", "Jane", "19710305").Should().Be(expected);
    }

    [Theory]
    [InlineData("ISO_IR 100", 28591, "MÜLLER^JÖRG")]
    [InlineData("ISO_IR 101", 28592, "NOVÁK^JIŘÍ")]
    [InlineData("ISO_IR 144", 28595, "Люкceмбypг^Иван")]
    [InlineData("ISO_IR 126", 28597, "Διονυσιος^Α")]
    [InlineData("ISO_IR 192", 65001, "Wang^XiaoDong=王^小东")]
    [InlineData("GB18030", 54936, "Wang^XiaoDong=王^小东")]
    [InlineData(@"\ISO 2022 IR 87", 28591, "Yamada^Tarou")]
    public async Task The_name_is_decoded_by_the_character_set_of_the_file(string characterSet, int codePage, string name)
    {
        var encoding = CodePagesEncodingProvider.Instance.GetEncoding(codePage) ?? Encoding.GetEncoding(codePage);
        var file = Part10File.Minimal().Add(0x00080005, "CS", characterSet).Add(0x00100010, "PN", encoding.GetBytes(name));

        var result = await Deidentified.From(file);

        $"{result.Report.Patient.FamilyName}^{result.Report.Patient.GivenName}".Should().Be(name.Split('=')[0]);
    }

    [Theory]
    [InlineData("ISO_IR 999", "M\xDCLLER^J\xD6RG")]
    [InlineData("", "M\xDCLLER^J\xD6RG")]
    [InlineData("ISO_IR 192", "M\xDCLLER^J\xD6RG")]
    [InlineData("\\ISO 2022 IR 149", "\x1B$)Z\xB1\xE8^\x1B$)Z\xC8\xF1")]
    [InlineData("ISO_IR 100", "\x1B$)C\xB1\xE8^\x1B$)C\xC8\xF1")]
    public async Task A_name_that_cannot_be_decoded_is_present_but_unknown(string characterSet, string name)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080005, "CS", characterSet).Add(0x00100010, "PN", name));

        result.Report.HasPatientName.Should().BeTrue();
        result.Report.Patient.FamilyName.Should().BeNull();
        result.Report.Warnings.Contains("character_set_unknown").Should().Be(characterSet == "ISO_IR 999");
    }

    [Fact]
    public async Task Alphabetic_letters_before_ideographs_are_enough()
    {
        var file = Part10File.Minimal().Add(0x00080005, "CS", @"\ISO 2022 IR 87")
            .Add(0x00100010, "PN", "Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B");

        var result = await Deidentified.From(file);

        result.Report.Patient.Matches("YAMADA", "TAROU", "19710305").Should().Be(PatientMatch.Unverifiable);
        result.Report.Patient.GivenName.Should().Be("Tarou");
    }

    [Theory]
    [InlineData("19710305", true, "19710305")]
    [InlineData("1971.03.05", true, null)]
    [InlineData("", false, null)]
    public async Task The_birth_date_is_read_strictly(string value, bool present, string? read)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00100030, "DA", value));

        result.Report.HasBirthDate.Should().Be(present);
        result.Report.Patient.BirthDate.Should().Be(read);
    }

    [Fact]
    public async Task The_patient_is_never_printed()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00100010, "PN", "DOE^JANE").Add(0x00100030, "DA", "19710305"));

        var printed = $"{result.Report} {result.Report.Patient}";

        printed.Should().Contain("***").And.NotContain("DOE").And.NotContain("JANE").And.NotContain("1971").And.NotContain("1.2.3.4");
    }
}
