namespace Aegis.Tests.Dicom;

/// <summary>Codes and terms that name the patient are removed. Those that only look like a part of the name stay.</summary>
public sealed class PatientCodeTests
{
    private static Part10File File(string name, string id = "3141592") => Part10File.Minimal().Add(0x00080005, "CS", "ISO_IR 192")
        .Add(0x00100010, "PN", name).Add(0x00100020, "LO", id).Add(0x00100030, "DA", "19710305");

    private static Part10File Code(string scheme, string value, string meaning = "x") =>
        new Part10File().Add(0x00080100, "SH", value).Add(0x00080102, "SH", scheme).Add(0x00080104, "LO", meaning);

    [Theory]
    [InlineData("SCT", "19710305")]
    [InlineData("RXNORM", "19710305")]
    [InlineData("MGI", "05031971")]
    [InlineData("FMA", "3141592")]
    [InlineData("UBERON", "UBERON:3141592")]
    [InlineData("IETF4646", "doe")]
    [InlineData("RFC5646", "doe")]
    [InlineData("ISO639_2", "doe")]
    public async Task A_code_value_that_names_the_patient_is_removed_before_and_after_the_patient(string scheme, string value)
    {
        var file = File("DOE^JANE").Sequence(0x00082218, Code(scheme, value)).Sequence(0x00400260, Code(scheme, value));
        file.Sequence(0x00082228, new Part10File().Add(0x00080102, "SH", scheme).Add(0x00080119, "UC", value));

        var result = await Deidentified.From(file);

        result["0008,2218/0/0008,0100"].Should().BeEmpty();
        result["0040,0260/0/0008,0100"].Should().BeEmpty();
        result["0040,0260/0/0008,0102"].Should().Be(scheme);
        result["0008,2228/0/0008,0119"].Should().BeEmpty();
        result.Contains(value).Should().BeFalse();
        result.Report.DroppedTags.Should().Contain("0008,0100");
    }

    [Theory]
    [InlineData("BRAIN^JANE", "12738006", "SCT", "12738006", "Brain")]
    [InlineData("DOE^JANE", "113040", "DCM", "113040", "Lossy Compression")] // the patient number equals a code of the scheme
    [InlineData("ENG^JANE", "3141592", "RFC5646", "en-GB", "")]
    public async Task A_code_that_the_scheme_defines_stays(string name, string id, string scheme, string value, string meaning)
    {
        var result = await Deidentified.From(File(name, id).Sequence(0x00082218, Code(scheme, value))
            .Sequence(0x00400260, Code(scheme, value)));

        foreach (var path in (string[])["0008,2218/0/", "0040,0260/0/"])
        {
            result[path + "0008,0100"].Should().Be(value);
            result[path + "0008,0104"].Should().Be(meaning);
        }
    }

    [Theory]
    [InlineData("AXIAL^ORIGINAL", "", 0x00080008u, @"ORIGINAL\PRIMARY\AXIAL")]
    [InlineData("PRIMARY^DERIVED", "", 0x00080008u, @"DERIVED\SECONDARY")]
    [InlineData("AXIAL^ORIGINAL", "", 0x00089007u, @"ORIGINAL\PRIMARY\AXIAL\NONE")]
    [InlineData("VOLUME^ANN", "", 0x00089206u, "VOLUME")]
    [InlineData("CT^MONOCHROME2", "", 0x00280004u, "MONOCHROME2")]
    [InlineData("COLOR^PALETTE", "CHROME2", 0x00280004u, "PALETTE COLOR")]
    [InlineData("SEG^RTSTRUCT", "", 0x00080060u, "RTSTRUCT")]
    [InlineData("HFS^ANN", "HFS12", 0x00185100u, "HFS")]
    [InlineData("HAL^PRF", "", 0x00200020u, @"HAL\PRF")]
    [InlineData("MLO^ANN", "", 0x00185101u, "MLO")]
    [InlineData("TRUNK^ARM", "", 0x00180015u, "ARM")]
    [InlineData("LIN^LOG", "", 0x00281040u, "LIN")]
    [InlineData("LINEAR^ANN", "", 0x00281056u, "LINEAR")]
    [InlineData("DOE^JANE", "10918", 0x00282114u, "ISO_10918_1")]
    [InlineData("FULL^TILED", "", 0x00209311u, "TILED_FULL")]
    [InlineData("BINARY^ANN", "", 0x00620001u, "BINARY")]
    [InlineData("MANUAL^ANN", "", 0x00620008u, "MANUAL")]
    [InlineData("POINT^ANN", "", 0x30060042u, "POINT")]
    [InlineData("PLAN^BEAM", "", 0x3004000Au, "PLAN")]
    [InlineData("GML^ANN", "", 0x00541001u, "GML")]
    [InlineData("START^ANN", "", 0x00541102u, "START")]
    [InlineData("NORM^ATTN", "", 0x00280051u, @"NORM\DECY\ATTN")]
    [InlineData("FOR^ANN", "", 0x00080068u, "FOR PRESENTATION")]
    [InlineData("DATE^TARO", "", 0x0040A040u, "DATE")]
    [InlineData("FREE^ANN", "", 0x00189302u, "FREE")]
    [InlineData("UNKNOWN^UNKNOWN", "", 0x00089209u, "UNKNOWN")]
    [InlineData("UNKNOWN^PATIENT", "", 0x00181401u, "UNKNOWN")]
    [InlineData("SIEMENS^ANN", "", 0x00080070u, "SIEMENS")]
    [InlineData("ZEISS^ANN", "", 0x00080070u, "Carl Zeiss Meditec")]
    [InlineData("GENERAL^ANN", "", 0x00080070u, "General Electric")]
    public async Task Terms_that_readers_need_stay_whatever_the_patient_is_called(string name, string id, uint tag, string value)
    {
        var vr = tag is 0x00080070 or 0x00181401 ? "LO" : "CS";
        var file = File(name, id.Length > 0 ? id : "3141592").Add(tag, vr, value);
        file.Sequence(0x00081140, new Part10File().Add(tag, vr, value)).Sequence(0x00400260, new Part10File().Add(tag, vr, value));

        var result = await Deidentified.From(file);

        var path = $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
        foreach (var prefix in (string[])["", "0008,1140/0/", "0040,0260/0/"]) result[prefix + path].Should().Be(value);
        result.Report.DroppedTags.Should().BeEmpty();
    }

    [Fact]
    public async Task A_patient_whose_name_is_a_filler_word_is_still_a_patient() =>
        (await Deidentified.From(File("PROBE^JANE").Add(0x00080070, "LO", "Probe, J.")))["0008,0070"].Should().BeEmpty();

    [Fact]
    public async Task A_patient_number_is_removed_from_a_model_but_the_manufacturer_stays()
    {
        var result = await Deidentified.From(File("SIEMENS^ANN", "SOMATOM64").Add(0x00080060, "CS", "CT").Add(0x00080070, "LO", "SIEMENS")
            .Add(0x00081090, "LO", "Somatom 64"));

        result["0008,0070"].Should().Be("SIEMENS");
        result["0008,0060"].Should().Be("CT");
        result["0008,1090"].Should().BeEmpty();
        result.Report.DroppedTags.Should().Equal("0008,1090");
    }

    [Fact]
    public async Task A_tag_outside_the_dictionary_is_counted_but_not_reported()
    {
        var file = Part10File.Minimal().Add(0x4F5A4252, "LO", "x").Add(0x444F4520, "UN", Encoding.ASCII.GetBytes("JANE"))
            .Add(0x00280A04, "LO", "x");

        var result = await Deidentified.From(file);

        result.Report.DroppedTags.Should().Equal("0028,0A04");
        result.Report.Counts.Removed.Should().Be(2);
        result.Report.Warnings.Should().Equal("values_dropped");
        (await Deidentified.From(Part10File.Minimal().Add(0x4F5A4252, "LO", "x"))).Report.Warnings.Should().Equal("values_dropped");
    }

    [Fact]
    public async Task A_code_without_a_scheme_is_emptied_in_its_position()
    {
        var file = new Part10File().Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00080018, "UI", "1.2.3")
            .Add(0x00080100, "SH", "113040").Add(0x0020000D, "UI", "1.4")
            .Add(0x0020000E, "UI", "1.5");

        (await Deidentified.From(file)).Values.Keys.Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_unknown_element_without_representation_is_not_reported()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00189004, "??", "x ").Add(0x4F5A4252, "??", "x ")
            .Add(0x50000000, "LO", ""));

        result.Report.DroppedTags.Should().Equal("0018,9004");
    }
}
