using Aegis.Auth.Pages;

namespace Aegis.Tests.People;

public sealed class QrCodeTests
{
    private const int Quiet = 8; // modules at both sides together

    [Theory]
    [InlineData(14, 21)] // what version 1-M holds in bytes
    [InlineData(15, 25)]
    [InlineData(122, 45)] // 7-M, the first that names its version
    [InlineData(666, 97)]
    public void The_smallest_version_that_holds_the_text_is_taken(int bytes, int side) =>
        QrCode.ToSvg(new string('a', bytes), "code").Should().Contain($"viewBox=\"0 0 {side + Quiet} {side + Quiet}\"");

    [Fact]
    public void A_text_that_is_too_long_has_no_code()
    {
        QrCode.Fits(new string('a', 666)).Should().BeTrue();
        QrCode.Fits(new string('a', 667)).Should().BeFalse();
    }
}
