using Aegis.Auth.Pages;

namespace Aegis.Tests.People;

public sealed class QrCodeTests
{
    private const int QuietZones = 8; // modules on both sides together

    [Theory]
    [InlineData(14, 21)] // the capacity of version 1-M in bytes
    [InlineData(15, 25)]
    [InlineData(122, 45)] // 7-M, the first version that contains its number
    [InlineData(666, 97)]
    public void The_smallest_version_that_fits_the_text_is_used(int bytes, int side) =>
        QrCode.ToSvg(new string('a', bytes), "code").Should().Contain($"viewBox=\"0 0 {side + QuietZones} {side + QuietZones}\"");

    [Fact]
    public void A_text_of_more_than_666_bytes_does_not_fit()
    {
        QrCode.Fits(new string('a', 666)).Should().BeTrue();
        QrCode.Fits(new string('a', 667)).Should().BeFalse();
    }
}
