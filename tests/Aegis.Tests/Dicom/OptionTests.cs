using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

public sealed class OptionTests
{
    [Fact]
    public void Every_option_has_its_code()
    {
        DeidentificationOptions[] single =
        [
            new(), new() { CleanDescriptors = true }, new() { Dates = DateTreatment.Shift }, new() { KeepPatientCharacteristics = true },
            new() { KeepDevice = true }, new() { KeepUids = true }, new() { KeepSafePrivate = true }, new() { KeepInstitution = true },
        ];

        var methods = single.Select(options => string.Join(' ', new Deidentifier(new byte[16], options).Methods.Select(m => m.Code)));

        methods.Should().Equal(
            "113100", "113100 113105", "113100 113107", "113100 113108", "113100 113109", "113100 113110", "113100 113111",
            "113100 113112");
    }

    [Fact]
    public async Task Year_keeps_the_year_of_dates_and_no_time()
    {
        var file = Dated();

        var result = await Deidentified.From(file, new() { Dates = DateTreatment.Year });

        result["0008,0020"].Should().Be("20240101");
        result["0008,002A"].Should().Be("2024");
        result["0008,0030"].Should().BeEmpty();
        result["0010,0030"].Should().BeEmpty();
        result["0028,0303"].Should().Be("MODIFIED");
        result["0012,0064/1/0008,0100"].Should().Be("113107");
    }

    [Fact]
    public async Task Shift_moves_all_dates_of_a_patient_by_the_same_days()
    {
        var shift = new DeidentificationOptions { Dates = DateTreatment.Shift };

        var first = await Deidentified.From(Dated("20240517"), shift);
        var later = await Deidentified.From(Dated("20240520"), shift);

        (Date(later["0008,0020"]!).DayNumber - Date(first["0008,0020"]!).DayNumber).Should().Be(3);
        Date(first["0008,0020"]!).Should().BeBefore(new(2024, 5, 17)).And.BeAfter(new(2014, 5, 1));
        first["0008,002A"].Should().Be(first["0008,0020"] + "101500.5+0100");
        first["0008,0030"].Should().Be("101500");
        first["0008,0201"].Should().Be("+0100");
        first["0010,0030"].Should().BeEmpty();
        first["0028,0303"].Should().Be("MODIFIED");
    }

    [Fact]
    public async Task Another_patient_or_another_pair_shifts_differently()
    {
        var shift = new DeidentificationOptions { Dates = DateTreatment.Shift };
        var file = Dated().ToBytes();

        var one = await Deidentified.From(file, shift);
        var otherPatient = await Deidentified.From(Dated().Add(0x00100020, "LO", "MRN-0043").ToBytes(), shift);
        var otherPair = await Deidentified.From(file, shift, new byte[32]);

        new[] { one, otherPatient, otherPair }.Select(x => x["0008,0020"]).Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task A_known_patient_keeps_the_earlier_date_shift()
    {
        var shift = new DeidentificationOptions { Dates = DateTreatment.Shift };

        var before = await Deidentified.From(Dated().ToBytes(), shift, shiftKey: "fingerprint of a request");
        var other =
            await Deidentified.From(Dated().Add(0x00100020, "LO", "MRN-0043").ToBytes(), shift, shiftKey: "fingerprint of a request");
        var now = await Deidentified.From(Dated().ToBytes(), shift);

        other["0008,0020"].Should().Be(before["0008,0020"]);
        now["0008,0020"].Should().NotBe(before["0008,0020"]);
        other["0010,0020"].Should().NotBe(before["0010,0020"]).And.StartWith("P-");
    }

    [Theory]
    [InlineData("2024.05.17")]
    [InlineData("20240230")]
    [InlineData("JANEDOE1")]
    [InlineData("202405")]
    public async Task An_invalid_date_is_treated_as_without_the_option(string value)
    {
        var result = await Deidentified.From(
            Part10File.Minimal().Add(0x00080020, "DA", value).Add(0x00080021, "DA", value), new() { Dates = DateTreatment.Shift });

        result["0008,0020"].Should().BeEmpty();
        result["0008,0021"].Should().Be("19000101");
    }

    [Fact]
    public async Task Patient_characteristics_stay_with_ages_capped()
    {
        var file = Part10File.Minimal().Add(0x00100040, "CS", "F").Add(0x00101010, "AS", "093Y").Add(0x00101030, "DS", "61.5")
            .Add(0x00102110, "LO", "nuts, says Jane");

        var result = await Deidentified.From(file, new() { KeepPatientCharacteristics = true });

        result["0010,0040"].Should().Be("F");
        result["0010,1010"].Should().Be("090Y");
        result["0010,1030"].Should().Be("61.5");
        result["0010,2110"].Should().BeNull();
        result["0012,0064/1/0008,0100"].Should().Be("113108");
    }

    [Theory]
    [InlineData("089Y", "089Y")]
    [InlineData("090Y", "090Y")]
    [InlineData("091Y", "090Y")]
    [InlineData("999D", "999D")]
    [InlineData("91Y", "")]
    [InlineData("050Y\\095Y", "")]
    public async Task Ages_above_89_become_90(string age, string expected)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00101010, "AS", age), new() { KeepPatientCharacteristics = true });

        result["0010,1010"].Should().Be(expected);
    }

    [Fact]
    public async Task Device_and_institution_stay_only_with_their_options()
    {
        var file = Part10File.Minimal().Add(0x00080080, "LO", "General Hospital").Add(0x00181000, "LO", "SN-1")
            .Add(0x00081010, "SH", "CT01");

        var device = await Deidentified.From(file, new() { KeepDevice = true });
        var institution = await Deidentified.From(file, new() { KeepInstitution = true });

        device["0018,1000"].Should().Be("SN-1");
        device["0008,1010"].Should().Be("CT01");
        device["0008,0080"].Should().Be("REMOVED");
        device["0012,0064/1/0008,0100"].Should().Be("113109");
        institution["0008,0080"].Should().Be("General Hospital");
        institution["0018,1000"].Should().Be("REMOVED");
        institution["0012,0064/1/0008,0100"].Should().Be("113112");
    }

    [Fact]
    public async Task Clean_descriptors_keeps_the_words_of_the_vocabulary()
    {
        var file = Part10File.Minimal().Add(0x00081030, "LO", "CT Chest/Abdomen with contrast, Jane Doe 5.3.1971")
            .Add(0x0008103E, "LO", "Jane");

        var result = await Deidentified.From(file, new() { CleanDescriptors = true });

        result["0008,1030"].Should().Be("CT CHEST ABDOMEN WITH CONTRAST");
        result["0008,103E"].Should().BeNull();
        result["0012,0064/1/0008,0100"].Should().Be("113105");
        result.Report.Counts.Cleaned.Should().Be(1);
    }

    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    public async Task Safe_private_numbers_stay_with_their_creator_only_with_the_option(string syntax)
    {
        var file = Part10File.Minimal(syntax)
            .Add(0x00190010, "LO", "OTHER")
            .Add(0x00190011, "LO", "SIEMENS MR HEADER")
            .Add(0x0019100C, "IS", "999 ")
            .Add(0x0019110C, "IS", "1000")
            .Add(0x0019110D, "CS", "not a term")
            .Add(0x00191108, "CS", "IMAGE NUM 4");

        var without = await Deidentified.From(file);
        var with = await Deidentified.From(file, new() { KeepSafePrivate = true });

        without.Values.Keys.Should().NotContain(x => x.StartsWith("0019"));
        with.Values.Keys.Where(x => x.StartsWith("0019")).Should().BeEquivalentTo("0019,0011", "0019,110C", "0019,110D");
        with["0019,110C"].Should().Be("1000");
        with["0019,110D"].Should().BeEmpty();
    }

    [Fact]
    public async Task A_creator_is_forgotten_at_the_end_of_its_item()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00081115,
            file.Item().Add(0x00190010, "LO", "SIEMENS MR HEADER").Add(0x0019100C, "IS", "1000"),
            file.Item().Add(0x0019100C, "IS", "2000"));

        var result = await Deidentified.From(file, new() { KeepSafePrivate = true });

        result["0008,1115/0/0019,100C"].Should().Be("1000");
        result["0008,1115/1/0019,100C"].Should().BeNull();
    }

    private static Part10File Dated(string day = "20240517") => Part10File.Minimal()
        .Add(0x00080020, "DA", day)
        .Add(0x0008002A, "DT", day + "101500.5+0100")
        .Add(0x00080030, "TM", "101500")
        .Add(0x00080201, "SH", "+0100")
        .Add(0x00100030, "DA", "19710305");

    private static DateOnly Date(string text) => DateOnly.ParseExact(text, "yyyyMMdd");
}
