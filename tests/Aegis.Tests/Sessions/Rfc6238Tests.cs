using Aegis.Auth.People.OneTimeCodes;

namespace Aegis.Tests.Sessions;

public sealed class Rfc6238Tests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");

    [Theory] // RFC 6238, appendix B
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_codes_of_RFC_6238_are_computed(long unix, string code)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(unix);

        Rfc6238.Code(Secret, Rfc6238.StepAt(time), digits: 8).Should().Be(code);
        Rfc6238.Match(Secret, code[2..], time).Should().Be(unix / 30);
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void One_step_of_drift_is_allowed(int steps, bool accepted)
    {
        var time = DateTimeOffset.FromUnixTimeSeconds(1111111111);
        var step = Rfc6238.StepAt(time) + steps;

        Rfc6238.Match(Secret, Rfc6238.Code(Secret, step), time).Should().Be(accepted ? step : null);
    }

    [Theory] // RFC 4648, section 10
    [InlineData("", "")]
    [InlineData("f", "MY")]
    [InlineData("fo", "MZXQ")]
    [InlineData("foo", "MZXW6")]
    [InlineData("foob", "MZXW6YQ")]
    [InlineData("fooba", "MZXW6YTB")]
    [InlineData("foobar", "MZXW6YTBOI")]
    public void Secrets_are_encoded_in_base32(string bytes, string text) =>
        Rfc6238.ToBase32(Encoding.ASCII.GetBytes(bytes)).Should().Be(text);
}
