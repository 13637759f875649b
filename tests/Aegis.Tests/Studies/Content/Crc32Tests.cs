using Aegis.Studies.Content;

namespace Aegis.Tests.Studies.Content;

public sealed class Crc32Tests
{
    [Theory]
    [InlineData("", 0x00000000u)]
    [InlineData("a", 0xE8B7BE43u)]
    [InlineData("123456789", 0xCBF43926u)]
    [InlineData("The quick brown fox jumps over the lazy dog", 0x414FA339u)]
    [InlineData("12345678901234567890123456789012345678901234567890123456789012345678901234567890", 0x7CA94A72u)]
    public void Published_values_are_met(string text, uint expected)
    {
        var crc = Crc32.Of(System.Text.Encoding.ASCII.GetBytes(text));

        crc.Should().Be(expected);
    }

    [Fact]
    public void Folding_and_tables_agree_at_every_length_and_alignment()
    {
        var bytes = new Seeded(1).Bytes(700);

        for (var start = 0; start < 17; start++)
        {
            for (var length = 0; length <= 640; length++)
            {
                var span = bytes.AsSpan(start, length);
                Crc32.Of(span).Should().Be(BitByBit(span), "start {0}, length {1}", start, length);
                (~Crc32.Scan(~0u, span)).Should().Be(Crc32.Of(span));
            }
        }
    }

    [Fact]
    public void Appending_in_pieces_is_the_same_as_at_once()
    {
        var bytes = new Seeded(2).Bytes(5000);
        var crc = new Crc32();

        foreach (var piece in bytes.Chunk(77))
            crc.Append(piece);

        crc.Value.Should().Be(Crc32.Of(bytes));
    }

    private static uint BitByBit(ReadOnlySpan<byte> bytes)
    {
        var crc = ~0u;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var i = 0; i < 8; i++)
                crc = (crc & 1) == 0 ? crc >> 1 : (crc >> 1) ^ 0xEDB88320;
        }

        return ~crc;
    }
}
