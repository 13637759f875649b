using System.Buffers.Binary;
using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

/// <summary>No frame is overwritten silently, and only samples pass as samples.</summary>
public sealed class LostPictureTests
{
    private const string Text = "DOE^JANE 19710305 ";
    private const string Rle = "1.2.840.10008.1.2.5", Jpeg2000 = "1.2.840.10008.1.2.4.90", JpegXl = "1.2.840.10008.1.2.4.110";

    private static byte[] Words => Encoding.ASCII.GetBytes(Text);

    private static Part10File Described(string syntax, int frames = 1) => Picture.Described(syntax, 1, 1, 8, 8, 7, frames: frames);

    [Fact]
    public async Task Fragments_that_cannot_be_assigned_to_frames_refuse_the_instance()
    {
        var frame = Picture.Jpeg();
        Part10File[] files =
        [
            Described(Part10File.Jpeg).Fragments([], Words),
            Described(Part10File.Jpeg).Fragments([], [0xFF, 0xFF, .. frame]),
            Described(Part10File.Jpeg).Fragments([], [0, 0, .. frame]),
            Described(Part10File.Jpeg, frames: 2).Fragments([], [.. frame, .. frame]),
            Described(Rle).Fragments([], [1, 0, 0, 0, 78, 0, 0, 0, .. new byte[56], .. Words[..14], 0, 7]),
        ];
        foreach (var file in files)
        {
            var read = () => Deidentified.From(file);
            (await read.Should().ThrowAsync<DicomException>()).Which
                .Should().Match<DicomException>(x => x.Code == "dicom_value_invalid" && x.Tag == 0x7FE00010);
        }
    }

    [Fact]
    public async Task A_frame_may_begin_with_a_fragment_that_has_only_its_first_marker()
    {
        var frame = Picture.Jpeg();

        var result = await Deidentified.From(Described(Part10File.Jpeg).Fragments([], frame[..2], frame[2..]));

        result.Values["7FE0,0010/2"].Should().Equal(frame[2..]);
        result.Report.Warnings.Should().BeEmpty();
    }

    [Theory]
    [InlineData(JpegXl)]
    [InlineData("1.2.840.10008.1.2.8.1")]
    public async Task A_codestream_that_is_not_inspected_is_a_risk(string syntax)
    {
        var result = await Deidentified.From(Described(syntax).Fragments([], Words));

        result.Report.PixelRisks.Should().Equal("unused_bits");
        result.Report.IdentityRemoved.Should().BeFalse();
    }

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x54)]
    [InlineData(0x65)]
    [InlineData(0x7F)]
    [InlineData(0xEE)]
    public async Task JPEG_2000_loses_segments_that_no_decoder_knows(byte marker)
    {
        byte[] frame = [0xFF, 0x4F, 0xFF, 0x51, 0, 4, 1, 2, .. Picture.Segment(marker, Text), 0xFF, 0xD9];

        var result = await Deidentified.From(Described(Jpeg2000).Fragments([], frame));

        result.Contains("DOE").Should().BeFalse();
        result.Values["7FE0,0010/1"].Should().HaveCount(frame.Length).And.StartWith(frame[..10]);
    }

    [Fact]
    public async Task The_header_box_of_JPEG_2000_keeps_only_picture_boxes()
    {
        byte[] boxes = [.. Box("ihdr", new string('\u0001', 14)), .. Box("xml ", Text), .. Box("uuid", Text)];
        byte[] frame = [.. Box("jP  ", "\r\n\u0087\n"), .. Box("jp2h", Encoding.Latin1.GetString(boxes)),
            .. Box("jp2c", "\u00FF\u004F\u00FF\u0051\0\u0004\u0001\u0002\u00FF\u00D9")];

        var result = await Deidentified.From(Described(Jpeg2000).Fragments([], frame));

        result.Contains("DOE").Should().BeFalse();
        var kept = result.Values["7FE0,0010/1"];
        kept.AsSpan().IndexOf(Box("ihdr", new string('\u0001', 14))).Should().BePositive();
        kept.Should().EndWith(frame[^10..]);
    }

    [Fact]
    public async Task RLE_has_no_more_planes_than_samples()
    {
        byte[] plane = [0, 7], extra = [17, .. Words];
        byte[] header = [2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0, .. new byte[52]];

        var result = await Deidentified.From(Described(Rle).Fragments([], [.. header, .. plane, .. extra, 0]));

        result.Contains("DOE").Should().BeFalse();
        result.Values["7FE0,0010/1"].Should().StartWith([1, 0, 0, 0, 64, 0, 0, 0, 0, 0, 0, 0]);
        result.Values["7FE0,0010/1"].AsSpan(64, 2).ToArray().Should().Equal(plane);
    }

    [Fact]
    public async Task Pixels_of_another_width_are_removed()
    {
        var file = Picture.Described(Part10File.Explicit, 3, 4, 16, 16, 15).Add(0x7FE00008, "OF", [.. Words[..16]])
            .Add(0x7FE00010, "OW", new byte[24]);

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Values["7FE0,0010"].Should().HaveCount(24);
        result.Report.DroppedTags.Should().Equal("7FE0,0008");
    }

    [Fact]
    public async Task Waveforms_are_cut_to_their_samples()
    {
        var item = new Part10File().Add(0x003A0005, "US", [2, 0]).Add(0x003A0010, "UL", [4, 0, 0, 0]).Add(0x54000110, "OB", Words)
            .Add(0x54001004, "US", [16, 0])
            .Add(0x5400100A, "OW", Words).Add(0x54001010, "OW", [.. Enumerable.Range(1, 16).Select(x => (byte)x), .. Words]);
        var file = Part10File.Minimal();
        file.Sequence(0x54000100, item);

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Values["5400,0100/0/5400,1010"].Should().Equal(Enumerable.Range(1, 16).Select(x => (byte)x));
        result.Report.Warnings.Should().Contain("hidden_bytes_cleared");
    }

    [Theory]
    [InlineData("COMPLEX", 48)]
    [InlineData("REAL", 24)]
    [InlineData(null, 48)]
    public async Task Spectra_are_cut_to_their_points(string? kind, int bytes)
    {
        byte[] points = [.. Enumerable.Range(1, bytes).Select(x => (byte)x)];
        var file = Part10File.Minimal().Add(0x00280008, "IS", "1").Add(0x00280010, "US", [2, 0]).Add(0x00280011, "US", [1, 0])
            .Add(0x00289001, "UL", [1, 0, 0, 0])
            .Add(0x00289002, "UL", [3, 0, 0, 0]).Add(0x56000020, "OF", [.. points, .. Words[..16]]);
        if (kind is not null) file.Add(0x00289108, "CS", kind);

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Values["5600,0020"].Should().Equal(points);
        result.Report.Warnings.Should().Contain("hidden_bytes_cleared");
    }

    [Fact]
    public async Task Spectra_without_a_description_are_removed_and_reported()
    {
        var file = Part10File.Minimal().Add(0x56000020, "OF", Words[..16]);
        file.Sequence(0x00400260, new Part10File().Add(0x56000020, "OF", Words[..16]));

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Report.DroppedTags.Should().Equal("5600,0020");
    }

    [Theory]
    [InlineData("LO")]
    [InlineData("UT")]
    [InlineData("UI")]
    [InlineData("DA")]
    [InlineData("SQ")]
    [InlineData("??")]
    public async Task Pixels_with_a_false_representation_refuse_the_instance(string representation)
    {
        var file = Picture.Described(Part10File.Explicit, 1, 2, 8, 8, 7)
            .Add(0x7FE00010, representation, representation == "SQ" ? [0xFE, 0xFF, 0, 0xE0, 0, 0, 0, 0] : [1, 2]);

        var read = () => Deidentified.From(file);

        (await read.Should().ThrowAsync<DicomException>()).Which.Tag.Should().Be(0x7FE00010);
    }

    [Fact]
    public async Task Segments_that_do_not_belong_to_the_JPEG_process_become_zeros()
    {
        byte[] markers = [0xCC, 0xDE, 0xDF, 0xF8, 0xC8];
        var sent = Picture.Jpeg([.. markers.Select(x => Picture.Segment(x, Text)), Picture.Segment(0xDD, "\0\u0008" + Text),
                Picture.Segment(0xDC, "\0\u0010" + Text)]);

        var result = await Deidentified.From(Described(Part10File.Jpeg).Fragments([], sent));

        result.Contains("DOE").Should().BeFalse();
        var kept = result.Values["7FE0,0010/1"];
        kept.Should().HaveCount(sent.Length).And.EndWith(Picture.Scan.Concat<byte>([0xFF, 0xD9]));
        kept.AsSpan().IndexOf((byte[])[0xFF, 0xDD, 0, 22, 0, 8, 0]).Should().BePositive();
        kept.AsSpan().IndexOf((byte[])[0xFF, 0xDC, 0, 22, 0, 16, 0]).Should().BePositive();
    }

    [Theory]
    [InlineData(0xF7, 0xF8, "1.2.840.10008.1.2.4.80")] // parameters of JPEG-LS
    [InlineData(0xF7, 0xF8, "1.2.840.10008.1.2.4.70")] // labelled as another JPEG
    [InlineData(0xC9, 0xCC, "1.2.840.10008.1.2.4.52")] // arithmetic coding
    [InlineData(0xC5, 0xDE, "1.2.840.10008.1.2.4.59")] // hierarchical
    public async Task Segments_of_the_JPEG_process_stay(int frame, int segment, string syntax)
    {
        byte[] sent = [0xFF, 0xD8, .. Picture.Segment((byte)segment, "\u0001\u0010\u0001\u0010"), 0xFF, (byte)frame, 0, 4, 8, 0,
            .. Picture.Scan, 0xFF, 0xD9];

        (await Deidentified.From(Described(syntax).Fragments([], sent))).Values["7FE0,0010/1"].Should().Equal(sent);
    }

    [Fact]
    public async Task A_picture_with_all_samples_is_not_cut_because_of_its_label()
    {
        var file = Part10File.Minimal().Add(0x00280002, "US", [3, 0]).Add(0x00280004, "CS", "YBR_FULL_422").Add(0x00280006, "US", [0, 0])
            .Add(0x00280010, "US", [4, 0])
            .Add(0x00280011, "US", [4, 0]).Add(0x00280100, "US", [8, 0]).Add(0x00280101, "US", [8, 0]).Add(0x00280102, "US", [7, 0])
            .Add(0x00280103, "US", [0, 0]);

        (await Deidentified.From(file.Add(0x7FE00010, "OB", new byte[48]))).Values["7FE0,0010"].Should().HaveCount(48);
    }

    [Fact]
    public async Task An_error_does_not_show_bytes_of_a_value_as_a_tag()
    {
        var read = () => Deidentified.From(Part10File.Minimal().Add(0x00081140, "SQ", Words));

        var refused = (await read.Should().ThrowAsync<DicomException>()).Which;

        refused.Code.Should().Be("dicom_structure_invalid");
        refused.Tag.Should().BeNull();
        refused.Message.Should().NotContain("tag");
    }

    private static byte[] Box(string name, string content)
    {
        var box = new byte[8 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(box, box.Length);
        Encoding.Latin1.GetBytes(name + content, box.AsSpan(4));
        return box;
    }
}
