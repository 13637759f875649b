using System.Reflection;
using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

/// <summary>Faulty files that other readers accept.</summary>
public sealed class ForgivingReadingTests
{
    [Theory]
    [InlineData("delimiter-length-ffffffff.dcm")]
    [InlineData("defined-item-with-delimiter.dcm")]
    [InlineData("vr-zero-zero.dcm")]
    public async Task A_faulty_file_that_other_readers_accept_is_accepted(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!;
        using var file = new MemoryStream();
        await stream.CopyToAsync(file);

        var result = await Deidentified.From(file.ToArray());

        result.Report.Patient.FamilyName.Should().Be("Doe");
        result.Values.Keys.Should().Contain(x => x.StartsWith("7FE0,0010", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\0\0", false)]
    [InlineData("--", false)]
    [InlineData("??", false)]
    [InlineData("??", true)]
    public async Task An_element_without_a_representation_is_dropped_and_reported(string vr, bool hasLongLength)
    {
        var lost = new Part10File().Add(0x00180015, hasLongLength ? "UN" : "CS", "HEAD").Body();
        System.Text.Encoding.ASCII.GetBytes(vr).CopyTo(lost, 4);
        var file = Part10File.Minimal().Add(0x00180050, "DS", "5.0 ").Add(0x00180010, "LO", "").ToBytes();
        var at = file.AsSpan().IndexOf((byte[])[0x18, 0, 0x50, 0]);

        var result = await Deidentified.From((byte[])[.. file[..at], .. lost, .. file[at..]]);

        result["0018,0015"].Should().BeNull();
        result["0018,0050"].Should().Be("5.0");
        result.Report.DroppedTags.Should().Equal("0018,0015");
    }

    [Fact]
    public async Task An_element_with_an_unknown_end_is_refused()
    {
        var file = Part10File.Minimal().AddRaw(0x00180015, "--", 60, "HEAD"u8.ToArray()).Add(0x00180050, "DS", "5.0 ");

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.RepresentationInvalid);
    }

    [Fact]
    public async Task A_delimiter_after_an_item_with_a_length_is_skipped()
    {
        var item = new Part10File().Add(0x00081155, "UI", "1.2.3").Body();
        byte[] sequence = [.. Part10File.Delimiter(0xFFFEE000, (uint)item.Length), .. item, .. Part10File.Delimiter(0xFFFEE00D, 0)];

        var result = await Deidentified.From(Part10File.Minimal().Add(0x00081199, "SQ", sequence).Add(0x00180050, "DS", "5.0 "));

        result["0008,1199/0/0008,1155"].Should().StartWith("2.25.");
        result["0018,0050"].Should().Be("5.0");
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.50")]
    [InlineData("1.2.840.10008.1.2.4.90")]
    [InlineData("1.2.840.10008.1.2.4.80")]
    [InlineData("1.2.840.10008.1.2.5")]
    public async Task The_codestream_decides_the_syntax_of_encapsulated_pixels_under_a_native_label(string found)
    {
        byte[] codestream = found[^2..] switch
        {
            "50" => Picture.Jpeg(),
            "90" => [0xFF, 0x4F, 0xFF, 0x51, 0, 4, 0, 0, 0xFF, 0x52, 0, 12, 0, 0, 0, 1, 0, 5, 4, 4, 0, 1, 0xFF, 0xD9],
            "80" => [0xFF, 0xD8, 0xFF, 0xF7, 0, 4, 8, 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 1, 0xFF, 0xD9],
            _ => [1, 0, 0, 0, 64, 0, 0, 0, .. new byte[56], 0, 7],
        };

        var result = await Deidentified.From(Picture.Described(Part10File.Explicit, 1, 1, 8, 8, 7).Fragments([], codestream));

        result.Report.TransferSyntaxUid.Should().Be(found);
        result.Report.Warnings.Should().Equal("transfer_syntax_corrected");
        result.Values["7FE0,0010/1"].Should().Equal(codestream);
        System.Text.Encoding.ASCII.GetString(result.Bytes, 132, 300).Should().Contain(found);
    }

    [Fact]
    public async Task Unrecognised_fragments_are_refused_under_a_native_label() =>
        await ReadingTests.Refused(Part10File.Minimal().Fragments([], [1, 2, 3, 4]).ToBytes(), DicomErrors.TransferSyntaxMismatch);
}
