using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

public sealed class PseudonymTests
{
    [Fact]
    public async Task A_patient_has_one_pseudonym_as_number_and_family_name()
    {
        var one = await Deidentified.From(Patient("MRN-0042"));
        var other = await Deidentified.From(Patient("MRN-0042", name: "Doe^Jane Marie").Add(0x00081030, "LO", "another study"));

        one["0010,0020"].Should().MatchRegex("^P-[0-9A-HJKMNP-TV-Z]{16}$");
        one["0010,0010"].Should().Be(one["0010,0020"]);
        one.Report.Pseudonym.Should().Be(one["0010,0020"]);
        other["0010,0020"].Should().Be(one["0010,0020"]);
        one.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Another_number_issuer_birth_date_or_pair_is_another_patient()
    {
        var all = new[]
        {
            await Deidentified.From(Patient("MRN-0042")), await Deidentified.From(Patient("MRN-0043")),
            await Deidentified.From(Patient("MRN-0042").Add(0x00100021, "LO", "Other hospital")),
            await Deidentified.From(Patient("MRN-0042", birthDate: "19710306")),
            await Deidentified.From(Patient("MRN-0042").ToBytes(), secret: new byte[32]),
        };

        all.Select(x => x.Report.Pseudonym).Should().OnlyHaveUniqueItems();
    }

    [Theory]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("123")]
    [InlineData("000000")]
    [InlineData("anonymous")]
    [InlineData("TEST")]
    [InlineData("12345")]
    [InlineData("EMERGENCY")]
    [InlineData("John Doe")]
    [InlineData("Unbekannt")]
    [InlineData("Patient Inconnu")]
    [InlineData("sin identificar")]
    [InlineData("N\u00C3O IDENTIFICADO")]
    [InlineData("ok\u00E4nd")]
    [InlineData("s.n.")]
    public async Task Without_a_number_the_name_is_used_and_the_report_says_so(string id)
    {
        var jane = await Deidentified.From(Patient(id));
        var again = await Deidentified.From(Patient(id, name: "Doe^Jane Marie^^Dr"));
        var john = await Deidentified.From(Patient(id, name: "DOE^JOHN"));

        jane.Report.Warnings.Should().Equal("pseudonym_by_name");
        again.Report.Pseudonym.Should().Be(jane.Report.Pseudonym);
        john.Report.Pseudonym.Should().NotBe(jane.Report.Pseudonym);
    }

    [Theory]
    [InlineData("НЕИЗВЕСТЕН")]
    [InlineData("不明患者")]
    [InlineData("مجهول")]
    public async Task A_filler_is_recognised_in_any_script(string id)
    {
        var file = Part10File.Minimal().Add(0x00080005, "CS", "ISO_IR 192").Add(0x00100010, "PN", "DOE^JANE")
            .Add(0x00100030, "DA", "19710305");
        var bytes = System.Text.Encoding.UTF8.GetBytes(id);

        var result = await Deidentified.From(file.Add(0x00100020, "LO", bytes.Length % 2 == 0 ? bytes : [.. bytes, (byte)' ']));

        result.Report.Warnings.Should().Equal("pseudonym_by_name");
    }

    [Fact]
    public async Task Two_unnamed_patients_are_not_merged()
    {
        var one = await Deidentified.From(Patient("0", name: ""));
        var other = await Deidentified.From(new Part10File().Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2")
            .Add(0x00080018, "UI", "1.2.3.5").Add(0x0020000D, "UI", "1.2.5")
            .Add(0x0020000E, "UI", "1.2.5.1").Add(0x00100020, "LO", "0").Add(0x00100030, "DA", "19710305"));

        one.Report.Warnings.Should().Equal("pseudonym_by_study");
        other.Report.Pseudonym.Should().NotBe(one.Report.Pseudonym);
    }

    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    public async Task A_file_without_name_and_number_gets_both(string syntax)
    {
        var file = new Part10File(syntax).Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00080018, "UI", "1.2.3")
            .Add(0x0020000D, "UI", "1.4").Add(0x0020000E, "UI", "1.5");

        var result = await Deidentified.From(file);

        result["0010,0010"].Should().Be(result.Report.Pseudonym);
        result["0010,0020"].Should().Be(result.Report.Pseudonym);
        result.Values.Keys.Where(x => !x.Contains('/')).Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task The_date_shift_depends_on_the_patient_not_on_the_spelling()
    {
        var shift = new DeidentificationOptions { Dates = DateTreatment.Shift };

        var one = await Deidentified.From(Patient("MRN-0042", name: "Mueller^Jane").Add(0x00080020, "DA", "20240517"), shift);
        var other = await Deidentified.From(Patient("MRN-0042", name: "Muller^J").Add(0x00080020, "DA", "20240517"), shift);

        other["0008,0020"].Should().Be(one["0008,0020"]).And.NotBe("20240517");
    }

    [Fact]
    public async Task Dates_before_and_after_the_patient_shift_alike_in_items_too()
    {
        var file = Patient("MRN-0042").Add(0x00080020, "DA", "20240517").Add(0x00400244, "DA", "20240517")
            .Add(0x0008002A, "DT", "20240517101500");
        file.Sequence(0x00081199, file.Item().Add(0x0008002A, "DT", "20240517"));

        var result = await Deidentified.From(file, new() { Dates = DateTreatment.Shift });

        result["0040,0244"].Should().Be(result["0008,0020"]).And.NotBe("20240517");
        result["0008,002A"].Should().Be(result["0008,0020"] + "101500");
        result["0008,1199/0/0008,002A"].Should().Be(result["0008,0020"]);
    }

    private static Part10File Patient(string id, string name = "DOE^JANE", string birthDate = "19710305") =>
        Part10File.Minimal().Add(0x00100010, "PN", name).Add(0x00100020, "LO", id).Add(0x00100030, "DA", birthDate)
            .Add(0x00100040, "CS", "F");
}
