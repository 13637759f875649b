using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

public sealed class PixelRiskTests
{
    [Theory]
    [InlineData(0x00280301, "CS", "YES", "burned_in_annotation")]
    [InlineData(0x00280301, "CS", "maybe", "burned_in_annotation")]
    [InlineData(0x00080060, "CS", "US", "modality")]
    [InlineData(0x00080060, "CS", "ES", "modality")]
    [InlineData(0x00080060, "CS", "XC", "modality")]
    [InlineData(0x00080060, "CS", "OT", "modality")]
    [InlineData(0x00080060, "CS", "SC", "modality")]
    [InlineData(0x00080064, "CS", "SI", "secondary_capture")]
    [InlineData(0x00080008, "CS", @"DERIVED\SECONDARY\SCREEN SAVE", "screen_save")]
    [InlineData(0x00080008, "CS", @"DERIVED\SECONDARY\SCREEN_SAVE", "screen_save")]
    [InlineData(0x00080008, "CS", @"DERIVED\SECONDARY\SCREENSHOT", "screen_save")]
    [InlineData(0x0008103E, "LO", "Saved Screen", "screen_save")]
    [InlineData(0x0008103E, "LO", "Patient Protocol", "screen_save")]
    [InlineData(0x00080008, "CS", @"DERIVED\SECONDARY\DOSE_INFO", "screen_save")]
    [InlineData(0x00080008, "CS", @"DERIVED\SECONDARY\DOSE REPORT", "screen_save")]
    [InlineData(0x00080060, "CS", "BDUS", "modality")]
    [InlineData(0x00080060, "CS", "DD", "modality")]
    [InlineData(0x00080060, "CS", "SM", "modality")]
    [InlineData(0x00181010, "LO", "CAPTURE-1", "secondary_capture")]
    [InlineData(0x00181012, "DA", "20240517", "secondary_capture")]
    [InlineData(0x00181016, "LO", "ACME", "secondary_capture")]
    [InlineData(0x00181019, "LO", "V1", "secondary_capture")]
    [InlineData(0x00080070, "LO", "VIDAR Systems", "film_digitizer")]
    [InlineData(0x00081090, "LO", "Film Digitizer 2000", "film_digitizer")]
    public async Task Risky_pixels_are_reported_and_not_marked_as_clean(uint tag, string vr, string value, string risk)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(tag, vr, value));

        result.Report.PixelRisks.Should().Equal(risk);
        result.Report.IdentityRemoved.Should().BeFalse();
        result["0012,0062"].Should().Be("NO");
    }

    [Theory]
    [InlineData("1.2.840.10008.5.1.4.1.1.7", "secondary_capture")]
    [InlineData("1.2.840.10008.5.1.4.1.1.7.2", "secondary_capture")]
    [InlineData("1.2.840.10008.5.1.4.1.1.104.1", "encapsulated_document")]
    [InlineData("1.2.840.10008.5.1.4.1.1.104.3", "encapsulated_document")]
    [InlineData("1.2.840.10008.5.1.4.1.1.6.1", "modality")]
    [InlineData("1.2.840.10008.5.1.4.1.1.77.1.4", "modality")]
    public async Task The_SOP_class_shows_a_risk_too(string sopClass, string risk)
    {
        var file = new Part10File().Add(0x00080016, "UI", sopClass).Add(0x00080018, "UI", "1.2").Add(0x0020000D, "UI", "1.3")
            .Add(0x0020000E, "UI", "1.4");

        var result = await Deidentified.From(file);

        result.Report.PixelRisks.Should().Equal(risk);
        result["0012,0062"].Should().Be("NO");
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.100", true)]
    [InlineData("1.2.840.10008.1.2.4.102.1", true)]
    [InlineData("1.2.840.10008.1.2.4.108", true)]
    [InlineData("1.2.840.10008.1.2.4.90", false)]
    [InlineData("1.2.840.10008.1.2.4.201", false)]
    public async Task Video_is_a_risk(string syntax, bool risky)
    {
        var result = await Deidentified.From(Part10File.Minimal(syntax).Fragments([], [0xFF, 0x4F, 0xFF, 0x51]));

        result.Report.PixelRisks.Contains("video").Should().Be(risky);
    }

    [Fact]
    public async Task Verified_pixels_are_marked_as_clean_but_still_reported()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00280301, "CS", "YES"), new() { PixelsVerified = true });

        result["0012,0062"].Should().Be("YES");
        result.Report.PixelRisks.Should().Equal("burned_in_annotation");
    }

    [Fact]
    public async Task An_encapsulated_document_is_replaced()
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00420011, "OB", "%PDF-1.7 of Jane"u8.ToArray()));

        result.Values["0042,0011"].Should().Equal(0, 0);
    }

    [Theory]
    [InlineData("CT", "HEAD", true)]
    [InlineData("MR", "BRAIN", true)]
    [InlineData("CT", "CHEST", false)]
    [InlineData("CR", "SKULL", false)]
    public async Task Slices_of_a_head_give_a_warning_about_the_face(string modality, string bodyPart, bool warned)
    {
        var result = await Deidentified.From(Part10File.Minimal().Add(0x00080060, "CS", modality).Add(0x00180015, "CS", bodyPart));

        result.Report.Warnings.Contains(InstanceWarning.FacialFeatures).Should().Be(warned);
        result["0012,0062"].Should().Be("YES");
    }
}
