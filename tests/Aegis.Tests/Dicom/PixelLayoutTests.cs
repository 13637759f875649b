using Aegis.Dicom;
using Aegis.Dicom.Part10;

namespace Aegis.Tests.Dicom;

public sealed class PixelLayoutTests
{
    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    public async Task Native_pixels_are_one_part_up_to_the_end(string syntax)
    {
        var file = Part10File.Minimal(syntax).Add(0x00280008, "IS", "3").Add(0x7FE00010, "OW", new byte[600]).ToBytes();

        var layout = await Read(file);

        layout.Parts.Should().Equal((file.Length - 600, file.Length));
        (layout.Bytes, layout.Frames).Should().Be((600, 3));
    }

    [Fact]
    public async Task Fragments_are_parts_without_their_headers_and_the_offset_table()
    {
        byte[] table = [0, 0, 0, 0, 48, 0, 0, 0];
        var file = Part10File.Minimal(Part10File.Jpeg).Add(0x00280008, "IS", "2")
            .Fragments(table, new byte[40], new byte[20], []).ToBytes();

        var layout = await Read(file);

        layout.Parts.Select(p => p.To - p.From).Should().Equal(40, 20);
        layout.Parts[1].From.Should().Be(layout.Parts[0].To + 8);
        layout.Parts[1].To.Should().Be(file.Length - 16, "an empty fragment and the delimiter follow");
        (layout.Bytes, layout.Frames).Should().Be((60, 2));
    }

    [Theory]
    [InlineData(0x7FE00008, "OF")]
    [InlineData(0x7FE00009, "OD")]
    public async Task Pixels_of_floating_point_are_pixels(uint tag, string vr)
    {
        (await Read(Part10File.Minimal().Add(tag, vr, new byte[80]).ToBytes())).Bytes.Should().Be(80);
    }

    [Fact]
    public async Task Pixels_of_an_icon_and_empty_pixels_are_not_counted()
    {
        var icon = Part10File.Minimal().Sequence(0x00880200, new Part10File().Add(0x7FE00010, "OW", new byte[80])).ToBytes();
        var empty = Part10File.Minimal().Add(0x7FE00010, "OW", []).ToBytes();

        (await Read(icon)).Parts.Should().BeEmpty();
        (await Read(empty)).Parts.Should().BeEmpty();
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("many")]
    public async Task An_invalid_number_of_frames_counts_as_one(string frames)
    {
        (await Read(Part10File.Minimal().Add(0x00280008, "IS", frames).Add(0x7FE00010, "OW", new byte[8]).ToBytes())).Frames.Should().Be(1);
    }

    [Fact]
    public async Task A_file_that_is_not_DICOM_is_refused()
    {
        var read = () => Read(new byte[500]);

        await read.Should().ThrowAsync<DicomException>();
    }

    [Fact]
    public async Task Fragments_above_the_limit_become_one_part_and_are_counted_exactly()
    {
        var file = Part10File.Minimal(Part10File.Jpeg).Fragments([[], .. Enumerable.Repeat(new byte[2], 20_000)]).ToBytes();

        var layout = await Read(file);

        layout.Bytes.Should().Be(40_000);
        layout.Parts.Should().HaveCount(16_384);
        layout.Parts[^1].To.Should().Be(file.Length - 8);
    }

    private static Task<PixelLayout> Read(byte[] file) => PixelLayout.Read(new MemoryStream(file), CancellationToken.None);
}
