using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

/// <summary>File meta information that is missing, wrong, or from another file.</summary>
public sealed class LyingMetaTests
{
    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(10_000u)]
    [InlineData(0xFFFFFFFFu)]
    public async Task The_group_length_is_not_trusted(uint length)
    {
        var file = Part10File.Minimal().Add(0x00080060, "CS", "CT").ToBytes();
        BitConverter.GetBytes(length).CopyTo(file, 128 + 4 + 8);

        var result = await Deidentified.From(file);

        result["0008,0060"].Should().Be("CT");
        result.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task The_group_length_may_be_missing()
    {
        var file = Part10File.Minimal().Add(0x00080060, "CS", "CT").ToBytes();

        var result = await Deidentified.From((byte[])[.. file[..132], .. file[(132 + 12)..]]);

        result["0008,0060"].Should().Be("CT");
    }

    [Fact]
    public async Task File_meta_information_may_be_in_implicit_VR()
    {
        var meta = new Part10File(Part10File.Implicit).Add(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2").Add(0x00020003, "UI", "1.2.3.4.5")
            .Add(0x00020010, "UI", Part10File.Implicit).Body();
        byte[] file = [.. new byte[128], .. "DICM"u8, .. meta, .. Part10File.Minimal(Part10File.Implicit).Body()];

        (await Deidentified.From(file)).Report.TransferSyntaxUid.Should().Be(Part10File.Implicit);
    }

    [Theory]
    [InlineData(Part10File.Implicit, Part10File.Explicit, Part10File.Implicit)]
    [InlineData(Part10File.Implicit, Part10File.BigEndian, Part10File.Implicit)]
    [InlineData(Part10File.Explicit, Part10File.Implicit, Part10File.Explicit)]
    [InlineData(Part10File.Explicit, Part10File.BigEndian, Part10File.Explicit)]
    [InlineData(Part10File.Explicit, Part10File.Deflated, Part10File.Explicit)]
    [InlineData(Part10File.BigEndian, Part10File.Explicit, Part10File.Explicit)]
    [InlineData(Part10File.BigEndian, Part10File.Implicit, Part10File.Explicit)]
    public async Task A_plain_data_set_is_read_in_its_actual_syntax_not_that_of_its_label(string syntax, string label, string written)
    {
        byte[] rows = syntax == Part10File.BigEndian ? [1, 0] : [0, 1];
        var file = Part10File.Minimal(syntax).Add(0x00100010, "PN", "DOE^JANE").Add(0x00280010, "US", rows)
            .Add(0x00091001, "LO", "DOE^JANE");

        var result = await Deidentified.From(file.ToBytes(label: label));

        result.Report.Warnings.Should().Equal("transfer_syntax_corrected");
        result.Report.TransferSyntaxUid.Should().Be(written);
        result.Report.Patient.FamilyName.Should().Be("DOE");
        result.Values["0028,0010"].Should().Equal(0, 1);
        result.Contains("DOE").Should().BeFalse();
    }

    [Theory]
    [InlineData(Part10File.Implicit, Part10File.Jpeg)]
    [InlineData(Part10File.BigEndian, Part10File.Jpeg)]
    public async Task A_compressed_label_on_another_encoding_is_refused(string syntax, string label) =>
        await ReadingTests.Refused(
            Part10File.Minimal(syntax).Add(0x7FE00010, "OW", [1, 2]).ToBytes(label: label), DicomErrors.TransferSyntaxMismatch);

    [Fact]
    public async Task Implicit_VR_inside_deflate_is_refused()
    {
        byte[] file = [.. Part10File.Head(Part10File.Deflated), .. Part10File.Deflate(Part10File.Minimal(Part10File.Implicit).Body())];

        await ReadingTests.Refused(file, DicomErrors.TransferSyntaxMismatch);
    }

    [Fact]
    public async Task Deflate_data_with_a_native_label_is_refused()
    {
        byte[] file =
            [.. Part10File.Head(Part10File.Explicit), .. Part10File.Deflate(Part10File.Minimal().Add(0x00100010, "PN", "DOE^JANE").Body())];

        (await ReadingTests.Refused(file))
            .Should().BeOneOf(DicomErrors.TransferSyntaxMismatch, DicomErrors.RepresentationInvalid, DicomErrors.StructureInvalid);
    }

    [Fact]
    public async Task Pixel_data_that_contradicts_the_label_is_refused()
    {
        var native = Part10File.Minimal(Part10File.Jpeg).Add(0x7FE00010, "OW", [1, 2]);
        var encapsulated = Part10File.Minimal(Part10File.Jpeg).Fragments([], [1, 2]);

        await ReadingTests.Refused(native.ToBytes(), DicomErrors.TransferSyntaxMismatch);
        await ReadingTests.Refused(encapsulated.ToBytes(label: Part10File.Explicit), DicomErrors.TransferSyntaxMismatch);
    }

    [Fact]
    public async Task A_native_icon_next_to_encapsulated_pixel_data_is_allowed()
    {
        var file = Part10File.Minimal(Part10File.Jpeg).Fragments([], [0xFF, 0xD8, 0xFF, 0xD9]);
        file.OpenSequence(0x00880200, file.Item().Add(0x7FE00010, "OW", [1, 2]));

        (await Deidentified.From(file)).Values["7FE0,0010/1"].Should().Equal(0xFF, 0xD8, 0xFF, 0xD9);
    }

    [Fact]
    public async Task A_prefix_without_file_meta_information_has_its_own_code()
    {
        await ReadingTests.Refused([.. new byte[128], .. "DICM"u8, .. Part10File.Minimal().Body()], DicomErrors.MetaMissing);
        await ReadingTests.Refused([.. new byte[128], .. "DICM"u8], DicomErrors.MetaMissing);
    }

    [Fact]
    public async Task A_missing_preamble_has_its_own_code()
    {
        var file = Part10File.Minimal().ToBytes();

        await ReadingTests.Refused(file[128..], DicomErrors.PreambleMissing);
        await ReadingTests.Refused(file[132..], DicomErrors.PreambleMissing);
    }

    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    [InlineData(Part10File.BigEndian)]
    public async Task A_bare_data_set_has_its_own_code(string syntax) =>
        await ReadingTests.Refused(Part10File.Minimal(syntax).Body(), DicomErrors.MetaMissing);

    [Theory]
    [InlineData("LO")]
    [InlineData("CS")]
    [InlineData("OB")]
    public async Task An_identifier_with_a_false_representation_counts_as_missing(string vr)
    {
        var file = new Part10File().Add(0x00080016, vr, "1.2.840.10008.5.1.4.1.1.2 ").Add(0x00080018, "UI", "1.2.3.4.5")
            .Add(0x0020000D, "UI", "1.2.3.4").Add(0x0020000E, "UI", "1.2.3.4.1");

        (await ReadingTests.Refused(file.ToBytes(), DicomErrors.IdentifierMissing)).Tag.Should().Be(0x00080016);
    }

    [Fact]
    public async Task A_missing_transfer_syntax_has_its_own_code()
    {
        byte[] file = [.. new byte[128], .. "DICM"u8, .. new Part10File().Add(0x00020002, "UI", "1.2.840.10008.5.1.4.1.1.2").Body(),
            .. Part10File.Minimal().Body()];

        await ReadingTests.Refused(file, DicomErrors.TransferSyntaxMissing);
    }
}
