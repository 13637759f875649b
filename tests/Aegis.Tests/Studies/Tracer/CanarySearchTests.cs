namespace Aegis.Tests.Studies.Tracer;

/// <summary>Proves that the search finds canaries. Otherwise an empty result would prove nothing.</summary>
public sealed class CanarySearchTests
{
    [Theory]
    [InlineData("QZXJVKWP")]
    [InlineData("qzxjvkwp00100010")]
    [InlineData("\"name\":\"Qzxjvkwp%20Jane\"")]
    [InlineData("1.3.6.1.4.1.99731.4")]
    [InlineData("18610405")]
    [InlineData("1731000017")]
    public void The_search_finds_a_canary_in_every_encoding(string text)
    {
        CanarySearch.In(text).Should().NotBeEmpty();
        (CanarySearch.In(Encoding.Unicode.GetBytes("x" + text)).Count > 0).Should().Be(!char.IsAsciiDigit(text[0]) || text.Contains('.'));
        if (text[0] is not ('Q' or 'q')) return;
        for (var lead = 0; lead < 3; lead++)
            CanarySearch.In(Convert.ToBase64String(Encoding.ASCII.GetBytes(new string('x', lead) + text + "!!"))).Should().NotBeEmpty();
        CanarySearch.In(Convert.ToHexStringLower(Encoding.ASCII.GetBytes(text))).Should().NotBeEmpty();
    }

    [Fact]
    public void The_search_does_not_report_replacement_values() =>
        CanarySearch.In("2.25.186104051731000017131731773123 19000101 REMOVED ANONYMOUS 000Y 090Y 18").Should().BeEmpty();
}
