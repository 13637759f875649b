namespace Aegis.Tests.Dicom;

/// <summary>Bits of a pixel word outside [High Bit − Bits Stored + 1, High Bit]. They could contain a picture of a name.</summary>
public sealed class UnusedBitsTests
{
    private const int Words = 40; // longer than a vector

    [Fact]
    public async Task A_declared_overlay_is_cleared_and_the_value_stays()
    {
        var file = Image(stored: 12, highBit: 11, words: i => (i * 97 & 0xFFF) | (i % 3 == 0 ? 0x1000 : 0)).Add(0x60000100, "US", [16, 0])
            .Add(0x60000102, "US", [12, 0]);

        var result = await Deidentified.From(file);

        result.Values["7FE0,0010"].Should().Equal(Picture.Words([.. Enumerable.Range(0, Words).Select(i => i * 97 & 0xFFF)]));
        result.Report.Warnings.Should().Contain("overlay_cleared");
        result.Report.PixelRisks.Should().BeEmpty();
        result["0012,0062"].Should().Be("YES");
    }

    [Fact]
    public async Task The_sign_is_extended_again_where_an_overlay_was()
    {
        int[] values = [.. Enumerable.Range(0, Words).Select(i => (short)(i - 20) * 50 & 0xFFFF)];
        var file = Image(stored: 12, highBit: 11, signed: true, words: i => i % 2 == 0 ? values[i] ^ 0x4000 : values[i])
            .Add(0x60020100, "US", [16, 0]).Add(0x60020102, "US", [14, 0]);

        var result = await Deidentified.From(file);

        result.Values["7FE0,0010"].Should().Equal(Picture.Words(values));
        result.Report.PixelRisks.Should().BeEmpty();
    }

    [Fact]
    public async Task Undeclared_bits_are_a_risk_and_the_pixels_stay()
    {
        var file = Image(stored: 12, highBit: 11, words: i => 5 | (i == 33 ? 0x1000 : 0));

        var result = await Deidentified.From(file);

        result.Report.PixelRisks.Should().Equal("unused_bits");
        result.Report.IdentityRemoved.Should().BeFalse();
        result.Values["7FE0,0010"].Should().Equal(Picture.Words([.. Enumerable.Range(0, Words).Select(i => 5 | (i == 33 ? 0x1000 : 0))]));
    }

    [Fact]
    public async Task A_bit_other_than_the_declared_overlay_is_a_risk()
    {
        var file = Image(stored: 12, highBit: 11, words: i => 5 | 0x3000).Add(0x60000100, "US", [16, 0]).Add(0x60000102, "US", [12, 0]);

        (await Deidentified.From(file)).Report.PixelRisks.Should().Equal("unused_bits");
    }

    [Fact]
    public async Task Signed_values_and_padding_are_not_a_risk()
    {
        var signed = Image(stored: 12, highBit: 11, signed: true, words: i => (short)(i - 20) & 0xFFFF);
        var padded = Image(stored: 12, highBit: 11, words: i => i % 4 == 0 ? -2000 & 0xFFFF : i).Add(0x00280120, "US", Picture.Word(-2000));
        var signedPadded = Image(stored: 12, highBit: 11, signed: true, words: i => i % 4 == 0 ? -2000 & 0xFFFF : i)
            .Add(0x00280120, "SS", Picture.Word(-2000));
        var highBit15 = Image(stored: 12, highBit: 15, words: i => i << 4);

        foreach (var file in (Part10File[])[signed, padded, signedPadded, highBit15])
            (await Deidentified.From(file)).Report.PixelRisks.Should().BeEmpty();
    }

    [Theory]
    [InlineData(12, 15, false, 0x0008)] // below the value
    [InlineData(10, 9, false, 0x0C01)] // Bits Stored is wrong
    [InlineData(12, 11, true, 0x7800)] // half a sign
    [InlineData(12, 11, false, 0xF830)] // a padding value that the file does not declare
    public async Task Bits_that_are_neither_zero_nor_sign_nor_padding_are_a_risk(int stored, int highBit, bool signed, int word)
    {
        var result = await Deidentified.From(Image(stored, highBit, signed, i => i == Words - 1 ? word : 0));

        result.Report.PixelRisks.Should().Equal("unused_bits");
    }

    [Fact]
    public async Task Mixed_sign_extension_is_a_risk()
    {
        var result = await Deidentified.From(Image(stored: 12, highBit: 11, signed: true, words: i => i % 2 == 0 ? 0xF900 : 0x0900));

        result.Report.PixelRisks.Should().Equal("unused_bits");
    }

    [Fact]
    public async Task Words_without_unused_bits_are_not_a_risk()
    {
        var result = await Deidentified.From(Image(stored: 16, highBit: 15, words: i => 0xFFFF - i));

        result.Report.PixelRisks.Should().BeEmpty();
        result.Report.Warnings.Should().BeEmpty();
    }

    [Fact]
    public async Task Pixels_without_a_description_are_a_risk() =>
        (await Deidentified.From(Part10File.Minimal().Add(0x7FE00010, "OW", [1, 2, 3, 4]))).Report.PixelRisks.Should().Equal("unused_bits");

    [Fact]
    public async Task Verified_pixels_may_have_unused_bits_set()
    {
        var result = await Deidentified.From(Image(stored: 12, highBit: 11, words: _ => 0x1000), new() { PixelsVerified = true });

        result.Report.IdentityRemoved.Should().BeTrue();
        result["0012,0062"].Should().Be("YES");
    }

    [Fact]
    public async Task Unused_bits_in_RLE_planes_are_checked_too()
    {
        byte[] header = [2, 0, 0, 0, 64, 0, 0, 0, 66, 0, 0, 0, .. new byte[52]];
        var clean = Picture.Described("1.2.840.10008.1.2.5", 1, 4, 16, 12, 11).Fragments([], [.. header, 253, 0x0F, 253, 0xAA]);
        var drawn = Picture.Described("1.2.840.10008.1.2.5", 1, 4, 16, 12, 11).Fragments([], [.. header, 253, 0x1F, 253, 0xAA]);

        (await Deidentified.From(clean)).Report.PixelRisks.Should().BeEmpty();
        (await Deidentified.From(drawn)).Report.PixelRisks.Should().Equal("unused_bits");
    }

    private static Part10File Image(int stored, int highBit, bool signed = false, Func<int, int>? words = null) =>
        Picture.Described(Part10File.Explicit, 4, Words / 4, 16, stored, highBit, signed)
            .Add(0x7FE00010, "OW", Picture.Words([.. Enumerable.Range(0, Words).Select(words!)]));
}
