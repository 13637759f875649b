using Aegis.Auth.Pages;

namespace Aegis.Tests.People;

public sealed class QrCodeTests
{
    /// <summary>The example of ISO/IEC 18004 annex I: "01234567" as version 1-M; its ten data codewords and their remainder.</summary>
    [Fact]
    public void The_remainder_is_that_of_the_standards_example()
    {
        byte[] data = [0x10, 0x20, 0x0C, 0x56, 0x61, 0x80, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11, 0xEC, 0x11];

        var remainder = QrBlocks.Remainder(data, QrBlocks.Generator(10));

        remainder.Should().Equal(0xA5, 0x24, 0xD4, 0xC1, 0xED, 0x36, 0xC7, 0x87, 0x2C, 0x55);
    }

    [Theory]
    [InlineData(14, 21)] // what version 1-M holds in bytes
    [InlineData(15, 25)]
    [InlineData(122, 45)] // 7-M, the first that names its version
    [InlineData(666, 97)]
    public void The_smallest_version_that_holds_the_text_is_taken(int bytes, int side) => QrCode.Of(new string('a', bytes)).Size.Should().Be(side);

    [Fact]
    public void A_text_that_is_too_long_has_no_code()
    {
        QrCode.Holds(new string('a', 666)).Should().BeTrue();
        QrCode.Holds(new string('a', 667)).Should().BeFalse();
    }
}
