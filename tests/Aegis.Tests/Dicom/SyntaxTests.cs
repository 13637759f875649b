using System.Buffers.Binary;
using Aegis.Dicom;
using Aegis.Dicom.Deidentification;

namespace Aegis.Tests.Dicom;

/// <summary>Syntaxes that are read but not written: the output is explicit VR little endian, treated like any other file.</summary>
public sealed class SyntaxTests
{
    [Fact]
    public async Task Big_endian_numbers_come_out_little_endian_by_their_representation()
    {
        var file = Part10File.Minimal(Part10File.BigEndian)
            .Add(0x00189219, "SS", [0xFF, 0xFE]).Add(0x00280010, "US", [1, 2]).Add(0x00280009, "AT", [0, 0x18, 0x10, 0x63])
            .Add(0x00189073, "FD", [1, 2, 3, 4, 5, 6, 7, 8]).Add(0x00186020, "SL", [1, 2, 3, 4]).Add(0x00186022, "SL", [0, 0, 0, 9])
            .Add(0x00280301, "CS", "NO").Add(0x00720082, "SV", [1, 2, 3, 4, 5, 6, 7, 8]).Add(0x7FE00008, "OF", [1, 2, 3, 4])
            .Add(0x7FE00009, "OD", [1, 2, 3, 4, 5, 6, 7, 8]).Add(0x7FE00010, "OW", [1, 2, 3, 4]);

        var result = await Deidentified.From(file);

        result.Report.TransferSyntaxUid.Should().Be(Part10File.Explicit);
        result.Values["0028,0010"].Should().Equal(2, 1);
        result.Values["0028,0009"].Should().Equal(0x18, 0, 0x63, 0x10);
        result.Values["0018,9073"].Should().Equal(8, 7, 6, 5, 4, 3, 2, 1);
        result.Values["0018,6020"].Should().Equal(4, 3, 2, 1);
        result.Values["0072,0082"].Should().Equal(8, 7, 6, 5, 4, 3, 2, 1);
        result.Values["7FE0,0008"].Should().Equal(4, 3, 2, 1);
        result.Values["7FE0,0009"].Should().Equal(8, 7, 6, 5, 4, 3, 2, 1);
        result.Values["7FE0,0010"].Should().Equal(2, 1, 4, 3);
        result.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Big_endian_bytes_and_texts_stay_in_their_order()
    {
        var file = Part10File.Minimal(Part10File.BigEndian).Add(0x00080060, "CS", "CT").Add(0x00100010, "PN", "DOE^JANE")
            .Add(0x7FE00010, "OB", [1, 2, 3, 4]);

        var result = await Deidentified.From(file);

        result["0008,0060"].Should().Be("CT");
        result.Values["7FE0,0010"].Should().Equal(1, 2, 3, 4);
        result.Report.Patient.GivenName.Should().Be("JANE");
        result.Contains("DOE").Should().BeFalse();
    }

    [Fact]
    public async Task Big_endian_pixel_data_is_swapped_across_pieces()
    {
        var (big, little) = (new byte[300_001 & ~1], new byte[300_000]);
        for (var i = 0; i < little.Length / 2; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(big.AsSpan(i * 2), (ushort)(i * 7));
            BinaryPrimitives.WriteUInt16LittleEndian(little.AsSpan(i * 2), (ushort)(i * 7));
        }

        var result = await Deidentified.From(Part10File.Minimal(Part10File.BigEndian).Add(0x7FE00010, "OW", big));

        result.Values["7FE0,0010"].Should().Equal(little);
    }

    [Fact]
    public async Task Big_endian_sequences_and_private_attributes_are_treated_like_any_other()
    {
        var file = Part10File.Minimal(Part10File.BigEndian).Add(0x00190010, "LO", "SIEMENS MR HEADER").Add(0x0019100C, "IS", "1000")
            .Add(0x00191010, "LO", "DOE^JANE");
        file.OpenSequence(0x00081140,
            file.Item().Add(0x00081150, "UI", "1.2.840.10008.5").Add(0x00081155, "UI", "1.2.3").Add(0x00091001, "LO", "DOE^JANE"))
            .Sequence(0x00081115, file.Item().Add(0x0020000E, "UI", "1.2.4"), file.Item());

        var result = await Deidentified.From(file);
        var safe = await Deidentified.From(file.ToBytes(), new DeidentificationOptions { KeepSafePrivate = true });

        result["0008,1140/0/0008,1155"].Should().StartWith("2.25.");
        result["0008,1115/0/0020,000E"].Should().StartWith("2.25.");
        result.Contains("DOE").Should().BeFalse();
        result.Values.Keys.Should().NotContain(x => x.StartsWith("0019", StringComparison.Ordinal));
        safe["0019,100C"].Should().Be("1000");
        safe["0019,1010"].Should().BeNull();
        safe.Contains("DOE").Should().BeFalse();
    }

    [Fact]
    public async Task UN_of_undefined_length_is_implicit_little_endian_even_in_a_big_endian_file()
    {
        var inner = new Part10File(Part10File.Implicit).OpenSequence(
            0x00081140, new Part10File(Part10File.Implicit).Add(0x00081155, "UI", "1.2.3")).Body()[8..];
        var file = Part10File.Minimal(Part10File.BigEndian).AddRaw(0x00081140, "UN", Part10File.Undefined, inner)
            .Add(0x00280010, "US", [0, 4]);

        var result = await Deidentified.From(file);

        result["0008,1140/0/0008,1155"].Should().StartWith("2.25.");
        result.Values["0028,0010"].Should().Equal(4, 0);
    }

    [Theory]
    [InlineData(0x00100010u)]
    [InlineData(0x00091001u)]
    [InlineData(0x00189999u)]
    public async Task UN_of_undefined_length_is_removed_as_a_sequence_whatever_its_tag(uint tag)
    {
        var inner = new Part10File(Part10File.Implicit).OpenSequence(
            tag, new Part10File(Part10File.Implicit).Add(0x00100010, "PN", "DOE^JANE")).Body()[8..];
        var file = Part10File.Minimal().AddRaw(tag, "UN", Part10File.Undefined, inner).Add(0x00280010, "US", [4, 0]);

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Values.Keys.Should().NotContain($"{tag >> 16:X4},{tag & 0xFFFF:X4}").And.Contain("0028,0010");
    }

    [Fact]
    public async Task A_future_representation_has_a_long_length()
    {
        var file = Part10File.Minimal();
        var unknown = new Part10File().Add(0x00187777, "UN", "DOE^JANE").Body();
        "QX"u8.CopyTo(unknown.AsSpan(4));
        byte[] bytes =
            [.. file.ToBytes()[..^new Part10File().Add(0x0020000D, "UI", "1.2.3.4").Add(0x0020000E, "UI", "1.2.3.4.1").Body().Length],
                .. unknown,
            .. new Part10File().Add(0x0020000D, "UI", "1.2.3.4").Add(0x0020000E, "UI", "1.2.3.4.1").Body()];

        var result = await Deidentified.From(bytes);

        result["0018,7777"].Should().BeNull();
        result.Contains("DOE").Should().BeFalse();
        result["0020,000E"].Should().StartWith("2.25.");
    }

    [Fact]
    public async Task A_deflated_data_set_is_inflated_and_written_plain()
    {
        var file = Part10File.Minimal(Part10File.Deflated).Add(0x00100010, "PN", "DOE^JANE").Add(0x00280010, "US", [4, 0])
            .Add(0x7FE00010, "OW", [1, 2, 3, 4]);

        var result = await Deidentified.From((byte[])[.. file.ToBytes(), 0]); // padded to an even length

        result.Report.TransferSyntaxUid.Should().Be(Part10File.Explicit);
        result.Values["7FE0,0010"].Should().Equal(1, 2, 3, 4);
        result.Contains("DOE").Should().BeFalse();
        result.Report.BytesRead.Should().Be(file.Body().Length);
    }

    [Fact]
    public async Task A_deflated_file_cut_anywhere_is_refused()
    {
        var file = Part10File.Minimal(Part10File.Deflated)
            .Add(0x7FE00010, "OW", [.. Enumerable.Range(0, 200).Select(x => (byte)(x * x))]).ToBytes();
        var head = Part10File.Head(Part10File.Deflated).Length;

        for (var length = head + 1; length < file.Length; length++)
            (await ReadingTests.Refused(file[..length])).Should().BeOneOf(DicomErrors.Truncated, DicomErrors.IdentifierMissing);
    }

    [Fact]
    public async Task Text_with_a_deflated_label_is_refused()
    {
        byte[] file = [.. Part10File.Head(Part10File.Deflated), .. "DOE^JANE is no deflate data"u8];

        (await ReadingTests.Refused(file, DicomErrors.DeflateInvalid)).Message.Should().NotContain("DOE");
    }

    [Theory]
    [InlineData(0x7FE00010u, "OW")] // kept
    [InlineData(0x00420011u, "OB")] // removed, but equally costly to inflate
    public async Task A_deflate_bomb_is_refused(uint tag, string vr)
    {
        var file = Part10File.Minimal(Part10File.Deflated).Add(tag, vr, new byte[DicomLimits.InflationAllowance * 2]);

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.InflatedTooLarge);
    }

    [Fact]
    public async Task A_blank_image_within_the_allowance_is_accepted()
    {
        var file = Part10File.Minimal(Part10File.Deflated).Add(0x7FE00010, "OW", new byte[8 << 20]).ToBytes();

        (await new Deidentifier(Deidentified.Secret, new()).Apply(new MemoryStream(file), Stream.Null, default)).BytesWritten
            .Should().BeGreaterThan(8 << 20);
    }

    [Fact]
    public async Task A_correct_extended_offset_table_is_kept()
    {
        var file = Part10File.Minimal(Part10File.Jpeg).Add(0x00280008, "IS", "2")
            .Add(0x7FE00001, "OV", [0, 0, 0, 0, 0, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0])
            .Add(0x7FE00002, "OV", [6, 0, 0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 0])
            .Fragments([], [0xFF, 0xD8, 0xFF, 0xFF, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF, 0xFF, 0xD9, 0]);

        var result = await Deidentified.From(file);

        result.Values["7FE0,0001"][8].Should().Be(14);
        result.Values["7FE0,0002"][8].Should().Be(5);
        result.Values["7FE0,0010/2"].Should().Equal(0xFF, 0xD8, 0xFF, 0xFF, 0xD9, 0);
        result.Report.Frames.Should().Be(2);
    }

    [Fact]
    public async Task Fragments_declared_as_UN_are_written_as_OB()
    {
        byte[] fragments = [.. Part10File.Delimiter(0xFFFEE000, 0), .. Part10File.Delimiter(0xFFFEE000, 4), 0xFF, 0xD8, 0xFF, 0xD9,
            .. Part10File.Delimiter(0xFFFEE0DD, 0)];

        var result = await Deidentified.From(Part10File.Minimal(Part10File.Jpeg).AddRaw(0x7FE00010, "UN", Part10File.Undefined, fragments));

        result.Bytes.AsSpan().IndexOf((byte[])[0xE0, 0x7F, 0x10, 0, (byte)'O', (byte)'B', 0, 0, 0xFF, 0xFF, 0xFF, 0xFF])
            .Should().BePositive();
        result.Values["7FE0,0010/1"].Should().Equal(0xFF, 0xD8, 0xFF, 0xD9);
    }

    [Fact]
    public async Task Implicit_private_and_unknown_attributes_of_any_length_are_removed()
    {
        var file = Part10File.Minimal(Part10File.Implicit).Add(0x00090010, "LO", "ACME").Add(0x00091001, "LO", "DOE^JANE")
            .Add(0x00189999, "LO", "DOE^JANE");
        file.OpenSequence(0x00091002,
            file.Item().Add(0x00100010, "PN", "DOE^JANE").OpenSequence(0x00091003, file.Item().Add(0x00100020, "LO", "DOE")))
            .Sequence(0x00091004, file.Item().Add(0x00100010, "PN", "DOE^JANE")).Add(0x00280010, "US", [4, 0]).Add(0x00280011, "US", []);

        var result = await Deidentified.From(file);

        result.Contains("DOE").Should().BeFalse();
        result.Contains("ACME").Should().BeFalse();
        result.Values["0028,0010"].Should().Equal(4, 0);
        result.Values["0028,0011"].Should().BeEmpty();
    }
}
