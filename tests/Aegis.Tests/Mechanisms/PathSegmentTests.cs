using Aegis.Kernel.Outbound;

namespace Aegis.Tests.Mechanisms;

public sealed class PathSegmentTests
{
    [Theory]
    [InlineData("a-1_2", "a-1_2")]
    [InlineData("...", "...")]
    [InlineData("a/b", "a%2Fb")]
    [InlineData("../x", "..%2Fx")]
    [InlineData("%2e%2e", "%252e%252e")]
    [InlineData("a?b#c d\\e", "a%3Fb%23c%20d%5Ce")]
    [InlineData("ä;=:@", "%C3%A4%3B%3D%3A%40")]
    public void An_encoded_text_stays_one_path_segment(string text, string expected)
    {
        var segment = PathSegment.Encode(text);

        segment.Should().Be(expected);
        new Uri($"https://host.example/a/{segment}/b").Segments.Should().HaveCount(4);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    public void An_empty_or_dot_segment_is_refused(string text) => PathSegment.Encode(text).Should().BeNull();
}
