namespace Aegis.Tests.Dicom;

/// <summary>Codes of public schemes: values stay, meanings only in the scheme's wording.</summary>
public sealed class CodeTests
{
    [Theory]
    [InlineData("SCT", "12738006", "Brain of Jane", "12738006", "Brain")]
    [InlineData("SRT", "T-A0100", "Brain", "T-A0100", "Brain")]
    [InlineData("DCM", "113040", "lossy", "113040", "Lossy Compression")]
    [InlineData("C4", "70450", "CT HEAD FOR JANE", "70450", "")] // not in our table
    [InlineData("SCT", "JANE DOE", "x", "", "")]
    [InlineData("C4", "JANE", "x", "", "")]
    [InlineData("UCUM", "mm", "millimetre of Jane", "mm", "mm")]
    public async Task A_code_keeps_its_schemes_wording(string scheme, string value, string meaning, string keptValue, string keptMeaning)
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00082218, file.Item().Add(0x00080100, "SH", value).Add(0x00080102, "SH", scheme).Add(0x00080103, "SH", "19710305")
            .Add(0x00080104, "LO", meaning));

        var result = await Deidentified.From(file);

        result["0008,2218/0/0008,0100"].Should().Be(keptValue);
        result["0008,2218/0/0008,0102"].Should().Be(scheme);
        result["0008,2218/0/0008,0103"].Should().BeEmpty();
        (result["0008,2218/0/0008,0104"] is "mm" or "millimeter" ? "mm" : result["0008,2218/0/0008,0104"]).Should().Be(keptMeaning);
        result.Contains("JANE").Should().BeFalse();
        result.Report.DroppedTags.Should().Contain("0008,0103");
    }

    [Theory]
    [InlineData(@"AP PORT @ 1230\BONE", @"\BONE")]
    [InlineData(@"WINDOW1\Lung", @"WINDOW1\Lung")]
    public async Task An_explanation_of_a_window_keeps_known_words(string sent, string kept) =>
        (await Deidentified.From(Part10File.Minimal().Add(0x00281055, "LO", sent)))["0028,1055"].Should().Be(kept);

    [Fact]
    public async Task Only_registered_UIDs_stay_and_only_in_their_attributes()
    {
        const string Planted = "1.2.840.10008.19710305.1";
        var file = new Part10File().Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00080018, "UI", Planted + ".1")
            .Add(0x0020000D, "UI", Planted + ".2")
            .Add(0x0020000E, "UI", Planted + ".3").Add(0x00200052, "UI", Planted + ".4").Add(0x00081150, "UI", "1.2.840.10008.5.1.4.1.1.2")
            .Add(0x00081155, "UI", "1.2.840.10008.5.1.4.1.1.2");

        var result = await Deidentified.From(file);

        result.Contains("19710305").Should().BeFalse();
        result.Report.StudyUid.Should().StartWith("2.25.");
        result.Report.SeriesUid.Should().StartWith("2.25.");
        result["0008,1150"].Should().Be("1.2.840.10008.5.1.4.1.1.2");
        result["0008,1155"].Should().StartWith("2.25.");
    }

    [Fact]
    public async Task A_registered_frame_of_reference_stays() =>
        (await Deidentified.From(Part10File.Minimal().Add(0x00200052, "UI", "1.2.840.10008.1.4.1.1")))["0020,0052"]
            .Should().Be("1.2.840.10008.1.4.1.1");
}
