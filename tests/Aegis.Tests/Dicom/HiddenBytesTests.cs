using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

/// <summary>Bytes of the pixel data that no reader shows are cut or overwritten. Every decoded byte stays.</summary>
public sealed class HiddenBytesTests
{
    private const string Text = "DOE^JANE 19710305 ";

    private static Part10File Native() => Picture.Described(Part10File.Explicit, 3, 4, 16, 16, 15);

    [Fact]
    public async Task Native_data_is_cut_to_its_size()
    {
        byte[] pixels = [.. Enumerable.Range(0, 24).Select(x => (byte)x)];

        var result = await Deidentified.From(Native().Add(0x7FE00010, "OW", [.. pixels, .. Encoding.ASCII.GetBytes(Text)]));

        result.Values["7FE0,0010"].Should().Equal(pixels);
        result.Report.Warnings.Should().Equal("hidden_bytes_cleared");
    }

    [Fact]
    public async Task A_padding_byte_is_not_reported_as_hidden()
    {
        var result = await Deidentified.From(Picture.Described(Part10File.Explicit, 3, 3, 8, 8, 7).Add(0x7FE00010, "OB", new byte[10]));

        result.Values["7FE0,0010"].Should().HaveCount(10);
        result.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Offset_tables_of_native_images_are_removed()
    {
        var result = await Deidentified.From(Native().Add(0x7FE00001, "OV", Encoding.ASCII.GetBytes("DOE^JANE"))
            .Add(0x7FE00002, "OV", Encoding.ASCII.GetBytes("DOE^JANE"))
            .Add(0x7FE00010, "OW", new byte[24]));

        result.Contains("DOE").Should().BeFalse();
        result.Report.DroppedTags.Should().Equal("7FE0,0001", "7FE0,0002");
    }

    [Fact]
    public async Task Pixels_and_tables_inside_an_item_are_removed()
    {
        var file = Native();
        file.Sequence(0x00081115, file.Item().Add(0x7FE00001, "OV", Encoding.ASCII.GetBytes("DOE^JANE"))
            .Add(0x7FE00010, "OW", Encoding.ASCII.GetBytes("DOE^JANE")));

        (await Deidentified.From(file)).Contains("DOE").Should().BeFalse();
    }

    [Fact]
    public async Task A_JPEG_keeps_its_decoded_bytes_and_loses_all_text()
    {
        var sent = Picture.Jpeg(
            Picture.Segment(0xE0, "JFIF\0\u0001\u0002\0\0\u0001\0\u0001\u0001\u0001" + Text), Picture.Segment(0xE0, "JFXX\0\u0013" + Text),
            Picture.Segment(0xE0, Text),
            Picture.Segment(0xE1, "Exif\0\0" + Text), Picture.Segment(0xE2, "ICC_PROFILE\0" + Text),
            Picture.Segment(0xED, "Photoshop" + Text), Picture.Segment(0xEF, Text),
            Picture.Segment(0xE8, "SPIFF\0" + new string('\0', 24) + Text), Picture.Segment(0xE8, Text),
            Picture.Segment(0xEE, "Adobe\0d\0\0\0\0\u0001" + Text), Picture.Segment(0xFE, Text),
            Encoding.ASCII.GetBytes(Text), Picture.Segment(0x05, Text));

        var result = await Deidentified.From(Picture.Described(Part10File.Jpeg, 1, 1, 8, 8, 7)
            .Fragments([], [.. sent, .. Encoding.ASCII.GetBytes(Text)], Encoding.ASCII.GetBytes(Text)));

        result.Contains("DOE").Should().BeFalse();
        var kept = result.Values["7FE0,0010/1"];
        kept.Should().HaveCount(sent.Length + Text.Length);
        kept.AsSpan().IndexOf("JFIF\0\u0001\u0002"u8).Should().BePositive();
        kept.AsSpan().IndexOf("JFXX\0"u8).Should().BePositive();
        kept.AsSpan().IndexOf("Adobe\0d"u8).Should().BePositive();
        kept.AsSpan(sent.Length - Picture.Scan.Length - 8, Picture.Scan.Length + 8).ToArray()
            .Should().Equal(sent[^(Picture.Scan.Length + 8)..]);
        result.Values["7FE0,0010/2"].Should().OnlyContain(x => x == 0);
        result.Report.Warnings.Should().Equal("hidden_bytes_cleared");
    }

    [Fact]
    public async Task JPEG_2000_loses_comments_and_trailing_bytes_and_keeps_tile_parts()
    {
        byte[] comment = [0xFF, 0x64, 0, 4 + 18, 0, 1, .. Encoding.ASCII.GetBytes(Text)];
        byte[] data = [0xFF, 0x64, 0, 9, 1, 2, 0xFF, 0xD9, 3]; // looks like a comment and an end marker, but is data
        byte[] tile = [0xFF, 0x90, 0, 10, 0, 0, 0, 0, 0, (byte)(14 + data.Length + comment.Length), 0, 1, .. comment, 0xFF, 0x93, .. data];
        byte[] main = [0xFF, 0x4F, 0xFF, 0x51, 0, 6, 1, 2, 3, 4];
        byte[] sent = [.. main, .. comment, .. tile, 0xFF, 0xD9, .. Encoding.ASCII.GetBytes(Text)];

        var result = await Deidentified.From(Picture.Described("1.2.840.10008.1.2.4.90", 1, 1, 8, 8, 7).Fragments([], sent));

        var kept = result.Values["7FE0,0010/1"];
        kept.Should().HaveCount(sent.Length);
        result.Contains("DOE").Should().BeFalse();
        kept[..main.Length].Should().Equal(main);
        kept.AsSpan().IndexOf((byte[])[0xFF, 0x93, .. data, 0xFF, 0xD9]).Should().BePositive();
    }

    [Fact]
    public async Task Boxes_around_a_codestream_lose_their_text()
    {
        byte[] codestream = [0xFF, 0x4F, 0xFF, 0x51, 0, 6, 1, 2, 3, 4, 0xFF, 0xD9];
        byte[] sent = [0, 0, 0, 12, .. "jP  "u8, 13, 10, 0x87, 10, 0, 0, 0, 26, .. "xml "u8, .. Encoding.ASCII.GetBytes(Text), 0, 0, 0, 20,
            .. "jp2c"u8, .. codestream];

        var result = await Deidentified.From(Picture.Described("1.2.840.10008.1.2.4.91", 1, 1, 8, 8, 7).Fragments([], sent));

        result.Contains("DOE").Should().BeFalse();
        result.Values["7FE0,0010/1"][^codestream.Length..].Should().Equal(codestream);
        result.Values["7FE0,0010/1"][..12].Should().Equal(sent[..12]);
    }

    [Fact]
    public async Task RLE_loses_bytes_after_a_plane_and_offsets_without_a_plane()
    {
        byte[] sent = [1, 0, 0, 0, 64, 0, 0, 0, .. Encoding.ASCII.GetBytes(Text.PadRight(56)), 253, 7, .. Encoding.ASCII.GetBytes(Text)];

        var result = await Deidentified.From(Picture.Described("1.2.840.10008.1.2.5", 2, 2, 8, 8, 7, frames: 2)
            .Fragments([0, 0, 0, 0, (byte)(sent.Length + 8), 0, 0, 0], sent, sent));

        result.Contains("DOE").Should().BeFalse();
        foreach (var frame in (string[])["7FE0,0010/1", "7FE0,0010/2"])
            result.Values[frame].Should().Equal([1, 0, 0, 0, 64, 0, 0, 0, .. new byte[56], 253, 7, .. new byte[Text.Length]]);
    }

    [Fact]
    public async Task Text_in_an_offset_table_is_replaced_by_an_empty_table()
    {
        var jpeg = Picture.Jpeg();

        var result = await Deidentified.From(Picture.Described(Part10File.Jpeg, 1, 1, 8, 8, 7)
            .Fragments(Encoding.ASCII.GetBytes("DOE^JANE"), jpeg));

        result.Values["7FE0,0010/0"].Should().BeEmpty();
        result.Values["7FE0,0010/1"].Should().Equal(jpeg);
        result.Report.Warnings.Should().Equal("hidden_bytes_cleared");
    }

    [Fact]
    public async Task An_invalid_extended_table_is_removed_and_a_false_one_refused()
    {
        var file = Picture.Described(Part10File.Jpeg, 1, 1, 8, 8, 7, frames: 2)
            .Add(0x7FE00001, "OV", Encoding.ASCII.GetBytes("DOE^JANE19710305")).Fragments([], Picture.Jpeg(), Picture.Jpeg());
        var lying = Picture.Described(Part10File.Jpeg, 1, 1, 8, 8, 7, frames: 2)
            .Add(0x7FE00001, "OV", [.. new byte[8], .. Encoding.ASCII.GetBytes("DOE^JAN\0")]).Fragments([], Picture.Jpeg(), Picture.Jpeg());

        var result = await Deidentified.From(file);

        result["7FE0,0001"].Should().BeNull();
        (await ReadingTests.Refused(lying.ToBytes(), DicomErrors.ValueInvalid)).Tag.Should().Be(0x7FE00001);
    }

    [Fact]
    public async Task Look_up_tables_are_cut_to_their_descriptors()
    {
        var file = Part10File.Minimal().Add(0x00281101, "US", Picture.Words(4, 0, 16))
            .Add(0x00281201, "US", [.. new byte[8], .. Encoding.ASCII.GetBytes(Text)])
            .Add(0x00281202, "OW", Encoding.ASCII.GetBytes(Text))
            .Add(0x00281103, "US", Picture.Words(4, 0, 16))
            .Add(0x00281223, "OW", [.. Picture.Words(0, 2, 7, 8, 1, 2, 9), .. Encoding.ASCII.GetBytes(Text)]);
        file.Sequence(0x00283010, file.Item().Add(0x00283002, "US", Picture.Words(2, 0, 16))
            .Add(0x00283006, "US", [1, 0, 2, 0, .. Encoding.ASCII.GetBytes(Text)]));

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Values["0028,1201"].Should().Equal(new byte[8]);
        result.Values["0028,1223"].Should().Equal(Picture.Words(0, 2, 7, 8, 1, 2, 9));
        result.Values["0028,3010/0/0028,3006"].Should().Equal(1, 0, 2, 0);
        result.Report.DroppedTags.Should().Equal("0028,1202");
    }
}
