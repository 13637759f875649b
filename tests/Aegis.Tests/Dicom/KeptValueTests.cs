using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

/// <summary>Values that readers of images need must not be lost silently.</summary>
public sealed class KeptValueTests
{
    [Theory]
    [InlineData(0x00280030u, "DS", @"0,5\0,5", @"0.5\0.5")]
    [InlineData(0x00280030u, "UT", @"0.5\0.5", @"0.5\0.5")]
    [InlineData(0x00280030u, "LO", @"0,25\0,25", @"0.25\0.25")]
    [InlineData(0x00281053u, "DS", "1,0", "1.0")]
    [InlineData(0x00281053u, "DS", "0,125", "0.125")]
    [InlineData(0x00200013u, "IS", "14.5", "14.5")]
    [InlineData(0x00200013u, "IS", "7.00", "7")]
    [InlineData(0x00280004u, "CS", "monochrome2", "MONOCHROME2")]
    [InlineData(0x00080060u, "CS", "ct", "CT")]
    [InlineData(0x00180015u, "CS", "Abdomen", "ABDOMEN")]
    [InlineData(0x00280004u, "SH", "MONOCHROME2", "MONOCHROME2")]
    public async Task A_value_whose_meaning_is_certain_is_corrected(uint tag, string vr, string value, string expected)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(tag, vr, value));

        result[Name(tag)].Should().Be(expected);
        result.Report.DroppedTags.Should().BeEmpty();
    }

    [Theory]
    [InlineData(0x00280030u, "DS", @"half\half")]
    [InlineData(0x00280030u, "DS", @"0.5\DOE")]
    [InlineData(0x00281053u, "DS", "1,024")] // may mean a thousand
    [InlineData(0x00280004u, "CS", "grey of Jane")]
    [InlineData(0x00280008u, "IS", "many")]
    [InlineData(0x00280010u, "LO", "512 rows")]
    [InlineData(0x00200032u, "DS", @"0\0")]
    public async Task An_ambiguous_value_that_the_picture_needs_is_refused_with_its_tag(uint tag, string vr, string value)
    {
        if (tag == 0x00200032) value = @"0\0\x";

        (await ReadingTests.Refused(Part10File.Minimal().Add(tag, vr, value).ToBytes(), DicomErrors.ValueInvalid)).Tag.Should().Be(tag);
    }

    [Fact]
    public async Task One_bad_value_of_several_is_dropped_alone_and_reported()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080008, "CS", @"ORIGINAL\for Jane Doe\AXIAL")
            .Add(0x00180050, "DS", "five"));

        result["0008,0008"].Should().Be(@"ORIGINAL\\AXIAL");
        result["0018,0050"].Should().BeEmpty();
        result.Report.Warnings.Should().Equal("values_dropped");
        result.Report.DroppedTags.Should().Equal("0008,0008", "0018,0050");
    }

    [Fact]
    public async Task Values_that_the_profile_removes_are_not_reported()
    {
        var file = Part10File.Minimal().Add(0x00080090, "PN", "HOUSE^GREGORY").Add(0x00104000, "LT", "likes tea")
            .Add(0x00090010, "LO", "ACME").Add(0x00091001, "LO", "x")
            .Add(0x60003000, "OW", [1, 2]).Add(0x00080000, "UL", [1, 0, 0, 0]).Add(0x00120063, "LO", "their method")
            .Add(0x00280A04, "LO", "");

        (await Deidentified.From(file)).Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Numbers_in_another_representation_stay_and_dropped_labels_are_reported()
    {
        var file = Part10File.Minimal().Add(0x00281101, "US", Picture.Words(3, 0, 16)).Add(0x00281201, "US", Picture.Words(1, 2, 3));
        file.Sequence(0x00640002, file.Item().Sequence(0x00640005, file.Item().Add(0x00640009, "OF", new byte[24])))
            .Sequence(0x00660002, file.Item().Sequence(0x00660011, file.Item().Add(0x00660016, "OF", new byte[12])))
            .Sequence(0x30060020, file.Item().Add(0x30060026, "LO", "Tumour of Jane"))
            .Sequence(0x00620002, file.Item().Add(0x00620005, "LO", "Liver of Jane"));

        var result = await Deidentified.From(file);
        var cleaned = await Deidentified.From(file, new() { CleanDescriptors = true });

        result.Values["0028,1201"].Should().Equal(Picture.Words(1, 2, 3));
        result.Values["0064,0002/0/0064,0005/0/0064,0009"].Should().HaveCount(24);
        result.Values["0066,0002/0/0066,0011/0/0066,0016"].Should().HaveCount(12);
        result["3006,0020/0/3006,0026"].Should().BeEmpty();
        result["0062,0002/0/0062,0005"].Should().BeEmpty();
        result.Report.DroppedTags.Should().Equal("0062,0005", "3006,0026");
        cleaned["0062,0002/0/0062,0005"].Should().Be("LIVER");
    }

    [Theory]
    [InlineData("ISO IR 100", "ISO_IR 100")]
    [InlineData("UTF-8", "ISO_IR 192")]
    [InlineData(@"\ISO 2022 IR 87", @"\ISO 2022 IR 87")]
    [InlineData("DOE JANE 1971", "")]
    public async Task The_character_set_is_a_defined_term_or_nothing(string value, string expected) =>
        (await Deidentified.From(Part10File.Minimal().Add(0x00080005, "CS", value)))["0008,0005"].Should().Be(expected);

    [Fact]
    public async Task An_undefined_modality_becomes_other_and_a_pixel_risk()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080060, "CS", "JANEDOE"));

        result["0008,0060"].Should().Be("OT");
        result.Report.PixelRisks.Should().Equal("modality");
        result.Report.DroppedTags.Should().Equal("0008,0060");
    }

    [Fact]
    public async Task A_listed_private_class_stays_and_an_unlisted_one_is_reported()
    {
        var csa = await Deidentified.From(Class("1.3.12.2.1107.5.9.1"));
        var unknown = await Deidentified.From(Class("1.2.3.19710305"));

        csa["0008,0016"].Should().Be("1.3.12.2.1107.5.9.1");
        csa.Report.Warnings.Should().Contain("private_sop_class");
        unknown["0008,0016"].Should().StartWith("2.25.");
        unknown.Report.DroppedTags.Should().Contain("0008,0016");
    }

    private static Part10File Class(string uid) => new Part10File().Add(0x00080016, "UI", uid).Add(0x00080018, "UI", "1.2.3")
        .Add(0x0020000D, "UI", "1.4").Add(0x0020000E, "UI", "1.5");

    private static string Name(uint tag) => $"{tag >> 16:X4},{tag & 0xFFFF:X4}";
}
