using Aegis.Dicom;

namespace Aegis.Tests.Dicom;

public sealed class HostileLengthTests
{
    [Theory]
    [InlineData(Part10File.Explicit)]
    [InlineData(Part10File.Implicit)]
    [InlineData(Part10File.Jpeg)]
    public async Task A_file_cut_anywhere_gives_a_result_or_a_clear_error(string syntax)
    {
        var file = Part10File.Minimal(syntax).Add(0x00080060, "CS", "CT").Add(0x00100010, "PN", "DOE^JANE").Add(0x00280301, "CS", "NO");
        file.OpenSequence(0x00081140, file.Item().Add(0x00081155, "UI", "1.2.3"))
            .Sequence(0x00081115, file.Item().Add(0x0020000E, "UI", "1.2"));
        if (syntax == Part10File.Jpeg) file.Fragments([], [1, 2, 3, 4]);
        else file.Add(0x7FE00010, "OW", new byte[64]);
        var bytes = file.ToBytes();
        var results = 0;

        for (var length = 0; length < bytes.Length; length++)
        {
            try
            {
                await Deidentified.From(bytes[..length]);
                results++;
            }
            catch (DicomException e)
            {
                e.Code.Should().BeOneOf(DicomErrors.NotDicom, DicomErrors.Truncated, DicomErrors.IdentifierMissing,
                    DicomErrors.TransferSyntaxMissing, DicomErrors.MetaMissing);
            }
        }

        results.Should().Be(2); // the two cuts between elements after the last identifier
    }

    [Theory]
    [InlineData(Part10File.Explicit, "OB")]
    [InlineData(Part10File.Implicit, "OB")]
    [InlineData(Part10File.Explicit, "UT")]
    public async Task A_length_beyond_the_end_of_the_file_is_truncation(string syntax, string vr)
    {
        var tag = vr == "UT" ? 0x0040A160u : 0x7FE00010u;
        var file = Part10File.Minimal(syntax).AddRaw(tag, vr, 0xFFFFFF00, new byte[16]);

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.Truncated);
    }

    [Fact]
    public async Task An_element_longer_than_its_item_is_refused()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00081140, file.Item().AddRaw(0x00081155, "UI", 200, "1.2.3\0"u8.ToArray())).Add(0x7FE00010, "OW", new byte[500]);

        var error = await ReadingTests.Refused(file.ToBytes(), DicomErrors.LengthInvalid);

        error.Tag.Should().Be(0x00081155);
    }

    [Fact]
    public async Task An_item_longer_than_its_sequence_is_refused()
    {
        var file = Part10File.Minimal().Add(0x00081140, "SQ", Part10File.Delimiter(0xFFFEE000, 100)).Add(0x7FE00010, "OW", new byte[500]);

        var error = await ReadingTests.Refused(file.ToBytes(), DicomErrors.LengthInvalid);

        error.Tag.Should().Be(0xFFFEE000);
    }

    [Fact]
    public async Task A_sequence_longer_than_the_item_around_it_is_refused()
    {
        var file = Part10File.Minimal();
        file.Sequence(0x00081115, file.Item().AddRaw(0x00081199, "SQ", 100, [])).Add(0x7FE00010, "OW", new byte[500]);

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.LengthInvalid);
    }

    [Fact]
    public async Task An_element_header_that_crosses_its_item_is_refused()
    {
        var file = Part10File.Minimal().Add(0x00081140, "SQ", [.. Part10File.Delimiter(0xFFFEE000, 4), 8, 0, 0x55, 0x11])
            .Add(0x7FE00010, "OW", new byte[50]);

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.LengthInvalid);
    }

    [Theory]
    [InlineData("LO")]
    [InlineData("OB")]
    public async Task An_undefined_length_where_none_is_allowed_is_refused(string vr)
    {
        var file = Part10File.Minimal(Part10File.Implicit)
            .AddRaw(vr == "LO" ? 0x00081030u : 0x7FE00010u, vr, Part10File.Undefined, new byte[8]);

        await ReadingTests.Refused(file.ToBytes(), vr == "OB" ? DicomErrors.TransferSyntaxMismatch : DicomErrors.LengthInvalid);
    }

    [Fact]
    public async Task A_fragment_of_undefined_length_is_refused()
    {
        var file = Part10File.Minimal(Part10File.Jpeg)
            .AddRaw(0x7FE00010, "OB", Part10File.Undefined, Part10File.Delimiter(0xFFFEE000, Part10File.Undefined));

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.LengthInvalid);
    }

    [Fact]
    public async Task A_stray_delimiter_is_refused() =>
        await ReadingTests.Refused(
            [.. Part10File.Minimal().ToBytes(), .. Part10File.Delimiter(0xFFFEE00D, 0)], DicomErrors.StructureInvalid);

    [Fact]
    public async Task A_representation_that_is_not_letters_is_refused() =>
        await ReadingTests.Refused(Part10File.Minimal().Add(0x00280010, "\0\0", [1, 0]).ToBytes(), DicomErrors.RepresentationInvalid);

    [Theory]
    [InlineData(16, false)]
    [InlineData(17, true)]
    public async Task Sequences_nest_to_the_limit_and_no_deeper(int depth, bool refused)
    {
        var file = Part10File.Minimal();
        var item = file.Item().Add(0x00081155, "UI", "1.2");
        for (var i = 1; i < depth; i++) item = file.Item().OpenSequence(0x00081199, item);
        var bytes = file.OpenSequence(0x00081199, item).ToBytes();

        if (refused) await ReadingTests.Refused(bytes, DicomErrors.TooDeep);
        else (await Deidentified.From(bytes)).Report.Counts.Remapped.Should().Be(4);
    }

    [Fact]
    public async Task A_value_to_inspect_that_is_too_large_is_refused()
    {
        var file = Part10File.Minimal(Part10File.Implicit)
            .Add(0x300A0078, "DS", Encoding.ASCII.GetBytes(new string('1', DicomLimits.InspectedValue + 2)));

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.ValueTooLarge);
    }

    [Fact]
    public async Task A_head_too_large_to_hold_back_is_refused()
    {
        var numbers = Encoding.ASCII.GetBytes(string.Join('\\', Enumerable.Repeat("1234567", 380_000)));
        var file = Part10File.Minimal(Part10File.Implicit).Add(0x00140030, "DS", numbers).Add(0x00140032, "DS", numbers);

        await ReadingTests.Refused(file.ToBytes(), DicomErrors.HeaderTooLarge);
    }
}
