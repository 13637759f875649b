using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

public sealed class ReadingTests
{
    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    public async Task Both_little_endian_syntaxes_are_read_and_preserved(string syntax)
    {
        var file = Part10File.Minimal(syntax).Add(0x00080060, "CS", "CT").Add(0x00280010, "US", [2, 0]).Add(0x7FE00010, "OW", [1, 2, 3, 4]);

        var result = await Deidentified.From(file);

        result.Report.TransferSyntaxUid.Should().Be(syntax);
        result["0008,0060"].Should().Be("CT");
        result.Values["0028,0010"].Should().Equal(2, 0);
        result.Values["7FE0,0010"].Should().Equal(1, 2, 3, 4);
    }

    [Fact]
    public async Task Fragments_of_encapsulated_pixel_data_pass_unchanged()
    {
        var file = Part10File.Minimal(Part10File.Jpeg).Fragments([], [0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2], [5, 6, 0xFF, 0xD9]);

        var result = await Deidentified.From(file);

        result.Values["7FE0,0010/0"].Should().BeEmpty();
        result.Values["7FE0,0010/1"].Should().Equal(0xFF, 0xD8, 0xFF, 0xDA, 0, 2, 1, 2);
        result.Values["7FE0,0010/2"].Should().Equal(5, 6, 0xFF, 0xD9);
        result.Bytes[^24..].Should().Equal(file.ToBytes()[^24..]);
    }

    [Fact]
    public async Task An_odd_fragment_stays_odd_because_the_offset_table_counted_it()
    {
        var file = Part10File.Minimal(Part10File.Jpeg).Add(0x00280008, "IS", "2")
            .Fragments([0, 0, 0, 0, 13, 0, 0, 0], [0xFF, 0xD8, 0xFF, 0xFF, 0xD9], [0xFF, 0xD8, 0xFF, 0xD9]);

        var result = await Deidentified.From(file);

        result.Values["7FE0,0010/0"].Should().Equal(0, 0, 0, 0, 13, 0, 0, 0);
        result.Values["7FE0,0010/1"].Should().Equal(0xFF, 0xD8, 0xFF, 0xFF, 0xD9);
        result.Values["7FE0,0010/2"].Should().Equal(0xFF, 0xD8, 0xFF, 0xD9);
    }

    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    public async Task Sequences_of_defined_and_undefined_length_nest(string syntax)
    {
        var file = Part10File.Minimal(syntax);
        var inner = file.Item().OpenSequence(0x00081199, file.Item().Add(0x00081155, "UI", "1.2.840.10008.1.5.1"));
        file.Sequence(0x00081115, file.Item().Add(0x0020000E, "UI", "1.2.840.10008.1.4.1.1"), inner);

        var result = await Deidentified.From(file);

        result["0008,1115/0/0020,000E"].Should().StartWith("2.25.");
        result["0008,1115/1/0008,1199/0/0008,1155"].Should().Be("1.2.840.10008.1.5.1");
    }

    [Fact]
    public async Task A_known_sequence_hidden_in_UN_is_read_as_implicit()
    {
        var hidden = new Part10File(Part10File.Implicit).Sequence(
            0x00081115, new Part10File(Part10File.Implicit).Add(0x0020000E, "UI", "1.2.3")).Body()[8..];
        var file = Part10File.Minimal().Add(0x00081115, "UN", hidden);

        var result = await Deidentified.From(file);

        result["0008,1115/0/0020,000E"].Should().StartWith("2.25.");
    }

    [Fact]
    public async Task A_known_attribute_declared_UN_is_treated_by_its_dictionary_representation()
    {
        var file = Part10File.Minimal().Add(0x00180050, "UN", "5.0 ").Add(0x00100010, "UN", "DOE^JANE").Add(0x00104000, "UN", "DOE^JANE");

        var result = await Deidentified.From(file);

        result["0018,0050"].Should().Be("5.0");
        result.Contains("DOE").Should().BeFalse();
        result.Report.Patient.GivenName.Should().Be("JANE");
    }

    [Fact]
    public async Task Odd_lengths_are_read_and_written_even()
    {
        var file = Part10File.Minimal().Add(0x00200062, "CS", "L"u8.ToArray()).Add(0x7FE00010, "OB", [1, 2, 3]);

        var result = await Deidentified.From(file);

        result.Values["0020,0062"].Should().Equal((byte)'L', (byte)' ');
        result.Values["7FE0,0010"].Should().Equal(1, 2, 3, 0);
    }

    [Fact]
    public async Task Group_lengths_and_trailing_padding_are_dropped()
    {
        var file = Part10File.Minimal().Add(0x00080000, "UL", [1, 0, 0, 0]).Add(0xFFFCFFFC, "OB", new byte[10]);

        var result = await Deidentified.From(file);

        result["0008,0000"].Should().BeNull();
        result["FFFC,FFFC"].Should().BeNull();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(8)]
    [InlineData(2048)]
    public async Task Zeros_after_the_data_set_are_dropped_with_a_warning(int zeros)
    {
        byte[] file = [.. Part10File.Minimal().ToBytes(), .. new byte[zeros]];

        var result = await Deidentified.From(file);

        result.Report.Warnings.Should().Contain("trailing_padding");
        result.Report.BytesRead.Should().Be(file.Length);
    }

    [Fact]
    public async Task Text_between_the_zeros_after_the_data_set_is_refused()
    {
        byte[] file = [.. Part10File.Minimal().ToBytes(), .. new byte[100], .. "DOE"u8];

        await Refused(file, DicomErrors.TrailingData);
    }

    [Fact]
    public async Task Something_that_is_not_DICOM_is_refused()
    {
        await Refused("%PDF-1.7"u8.ToArray(), DicomErrors.NotDicom);
        await Refused(new byte[4096], DicomErrors.NotDicom);
    }

    [Theory]
    [InlineData("1.2.840.10008.1.2.4.94")]
    [InlineData("1.2.840.113619.5.2")]
    [InlineData("1.2.840.10008.1.2.4.50.DOE^JANE")]
    public async Task An_unsupported_syntax_is_refused(string syntax) =>
        await Refused(Part10File.Minimal(syntax).ToBytes(), DicomErrors.TransferSyntaxUnsupported);

    [Fact]
    public async Task Attributes_out_of_order_are_refused()
    {
        var file = Part10File.Minimal().Add(0x00080060, "CS", "CT").InOrderAdded();

        await Refused(file.ToBytes(), DicomErrors.TagOrder);
    }

    [Fact]
    public async Task A_repeated_attribute_is_refused() =>
        await Refused(Part10File.Minimal().Add(0x0020000D, "UI", "1.2.9").ToBytes(), DicomErrors.TagOrder);

    [Theory]
    [InlineData(0x00080016)]
    [InlineData(0x00080018)]
    [InlineData(0x0020000D)]
    [InlineData(0x0020000E)]
    public async Task A_file_without_an_identifier_is_refused(uint missing)
    {
        var file = new Part10File();
        foreach (var tag in (uint[])[0x00080016, 0x00080018, 0x0020000D, 0x0020000E])
            if (tag != missing) file.Add(tag, "UI", "1.2.3");

        var error = await Refused(file.ToBytes(), DicomErrors.IdentifierMissing);

        error.Tag.Should().Be(missing);
    }

    [Fact]
    public async Task File_meta_information_is_bounded_in_number_and_size()
    {
        var many = new Part10File();
        for (var i = 0; i <= DicomLimits.MetaElements; i++) many.Add(0x00020016, "AE", "A ");
        var large = new Part10File().Add(0x00020003, "UT", new byte[DicomLimits.MetaValue + 2]);

        await Refused([.. new byte[128], .. "DICM"u8, .. many.Body()], DicomErrors.StructureInvalid);
        await Refused([.. new byte[128], .. "DICM"u8, .. large.Body()], DicomErrors.ValueTooLarge);
    }

    [Fact]
    public async Task A_value_too_long_for_its_short_length_is_written_as_UN()
    {
        var contour = System.Text.Encoding.ASCII.GetBytes(string.Join('\\', Enumerable.Repeat("1234567", 10_000)) + " ");

        var result = await Deidentified.From(Part10File.Minimal().Add(0x30060050, "UN", contour));

        result.Values["3006,0050"].Should().Equal(contour);
    }

    [Fact]
    public async Task The_data_set_is_used_when_file_meta_information_disagrees()
    {
        var body = new Part10File().Add(0x00080016, "UI", "1.2.840.10008.5.1.4.1.1.7").Add(0x00080018, "UI", "1.9")
            .Add(0x0020000D, "UI", "1.3").Add(0x0020000E, "UI", "1.4").Add(0x00100020, "LO", "MRN-0042");

        var result = await Deidentified.From(body);

        result.Report.Warnings.Should().Equal("meta_disagrees");
        result.Report.SopClassUid.Should().Be("1.2.840.10008.5.1.4.1.1.7");
    }

    [Fact]
    public async Task A_DICOMDIR_has_its_own_code()
    {
        byte[] file = [.. new byte[128], .. "DICM"u8, .. new Part10File().Add(0x00020002, "UI", "1.2.840.10008.1.3.10").Body()];

        await Refused(file, DicomErrors.Directory);
    }

    /// <summary>Returns the error code of the refusal.</summary>
    internal static async Task<string> Refused(byte[] file)
    {
        var apply = () => Deidentified.From(file);

        return (await apply.Should().ThrowAsync<DicomException>()).Which.Code;
    }

    internal static async Task<DicomException> Refused(byte[] file, string code)
    {
        var apply = () => Deidentified.From(file);

        return (await apply.Should().ThrowAsync<DicomException>().Where(e => e.Code == code)).Which;
    }
}
