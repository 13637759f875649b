using Aegis.Studies.Content.Archive;

namespace Aegis.Tests.Studies.Content;

public sealed class ByteRangeTests
{
    [Theory]
    [InlineData("bytes=0-0", 0, 1)]
    [InlineData("bytes=0-99", 0, 100)]
    [InlineData("bytes=10-19", 10, 20)]
    [InlineData("bytes=10-", 10, 100)]
    [InlineData("bytes=99-99", 99, 100)]
    [InlineData("bytes=90-1000", 90, 100)]
    [InlineData("bytes=0-99999999999999999999999", 0, 100)]
    [InlineData("bytes=-1", 99, 100)]
    [InlineData("bytes=-100", 0, 100)]
    [InlineData("bytes=-101", 0, 100)]
    [InlineData("bytes=-99999999999999999999999", 0, 100)]
    [InlineData("BYTES=5-6", 5, 7)]
    [InlineData("bytes= 5-6 ", 5, 7)]
    public void A_single_range_is_served(string header, long from, long to)
    {
        var range = ByteRange.Parse(header, 100);

        range.Should().Be(new ByteRange(from, to, IsPartial: true, IsSatisfiable: true));
        range.Length.Should().Be(to - from);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("bytes")]
    [InlineData("bytes=")]
    [InlineData("bytes=-")]
    [InlineData("bytes=5")]
    [InlineData("bytes=6-5")]
    [InlineData("bytes=a-b")]
    [InlineData("bytes=+1-2")]
    [InlineData("bytes=1-2-3")]
    [InlineData("bytes=--1")]
    [InlineData("bytes=0x1-2")]
    [InlineData("bytes=1 - 2")]
    [InlineData("bytes=\u0661-\u0662")]
    [InlineData("bytes=0-1,5-6")]
    [InlineData("items=0-1")]
    public void Any_other_header_asks_for_the_whole_content(string? header)
    {
        var range = ByteRange.Parse(header, 100);

        range.Should().Be(ByteRange.Whole(100));
        range.IsPartial.Should().BeFalse();
    }

    [Theory]
    [InlineData("bytes=100-", 100)]
    [InlineData("bytes=100-200", 100)]
    [InlineData("bytes=99999999999999999999999-", 100)]
    [InlineData("bytes=-0", 100)]
    [InlineData("bytes=0-", 0)]
    [InlineData("bytes=-5", 0)]
    public void A_range_after_the_end_cannot_be_served(string header, long length)
    {
        var range = ByteRange.Parse(header, length);

        range.IsSatisfiable.Should().BeFalse();
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("\"abc\"", true)]
    [InlineData(" \"abc\" ", true)]
    [InlineData("\"abd\"", false)]
    [InlineData("W/\"abc\"", false)]
    [InlineData("\"ABC\"", false)]
    [InlineData("Tue, 15 Nov 1994 12:45:26 GMT", false)]
    [InlineData("", false)]
    public void A_range_applies_only_to_the_content_that_if_range_names(string? ifRange, bool expected)
    {
        var counts = ByteRange.Applies(ifRange, "\"abc\"");

        counts.Should().Be(expected);
    }
}
