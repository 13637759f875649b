using System.IO.Compression;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Unzipping;

namespace Aegis.Tests.Studies.Content;

public sealed class InflaterTests
{
    [Theory]
    [InlineData("030000", "")] // an empty fixed block
    [InlineData("010000ffff", "")] // an empty stored one
    [InlineData("4b04004398b7e803aabb", "61")] // bytes after the end are not consumed
    [InlineData("0c8081000000000090ff6b0400", null)] // ends too early
    [InlineData("07", null)] // block type 3
    [InlineData("010100010061", null)] // stored length and complement disagree
    [InlineData("fcff", null)] // too many codes
    [InlineData("4b8482", null)] // a distance before the start
    public void Known_data_inflates_as_expected(string hex, string? expected)
    {
        var inflate = () => Inflate(Convert.FromHexString(hex), int.MaxValue);

        if (expected is null)
            inflate.Should().Throw<ContentException>();
        else
            inflate().Output.Should().Equal(Convert.FromHexString(expected));
    }

    [Fact]
    public void Data_deflated_by_dotnet_is_inflated_and_its_end_is_found()
    {
        var random = new Seeded(1);
        CompressionLevel[] levels =
            [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

        for (var i = 0; i < 400; i++)
        {
            var content = random.Below(2) == 0 ? random.Compressible(random.Below(200_000)) : random.Bytes(random.Below(100_000));
            var packed = ZipForge.Deflate(content, levels[i % 4]);
            byte[] followed = [.. packed, .. random.Bytes(random.Below(20))];

            var (output, used) = Inflate(followed, 1 + random.Below(5000));

            output.AsSpan().SequenceEqual(content).Should().BeTrue("round {0}", i);
            used.Should().Be(packed.Length, "round {0}", i);
        }
    }

    [Fact]
    public void Mutated_data_is_accepted_or_refused_as_by_DeflateStream()
    {
        var random = new Seeded(2);
        for (var i = 0; i < 4000; i++)
        {
            var packed = ZipForge.Deflate(random.Compressible(random.Below(3000)));
            for (var changes = 1 + random.Below(4); changes > 0; changes--)
                packed[random.Below(packed.Length)] ^= (byte)(1 << random.Below(8));

            var own = Try(() => Inflate(packed, 1 + random.Below(200)).Output);
            var reference = Try(() => Reference(packed));

            if (own is not null)
                own.AsSpan().SequenceEqual(reference).Should().BeTrue("round {0}", i);
            else
                (reference is null || EndsEarly(packed)).Should().BeTrue("round {0}", i);
        }
    }

    private static (byte[] Output, int Used) Inflate(byte[] packed, int piece)
    {
        var inflater = new Inflater();
        var output = new List<byte>();
        var (used, given) = (0, 0);
        while (true)
        {
            used += inflater.Decode(packed.AsSpan(used, given - used), ends: given == packed.Length);
            output.AddRange(inflater.Ready);
            if (inflater.Finished) return ([.. output], used);

            if (inflater.Ready.IsEmpty)
                given = (int)Math.Min(packed.Length, (long)given + piece);
            inflater.Take(inflater.Ready.Length);
        }
    }

    private static byte[] Reference(byte[] packed)
    {
        using var output = new MemoryStream();
        using var deflate = new DeflateStream(new MemoryStream(packed), CompressionMode.Decompress);
        deflate.CopyTo(output);
        return output.ToArray();
    }

    // DeflateStream treats the end of its input as the end of the data.
    private static bool EndsEarly(byte[] packed) =>
        Try(() => Inflate(packed, int.MaxValue).Output, e => e is ContentException { Code: "zip_truncated" }) is [];

    private static byte[]? Try(Func<byte[]> inflate, Func<Exception, bool>? isEmpty = null)
    {
        try
        {
            return inflate();
        }
        catch (Exception e) when (e is ContentException or InvalidDataException)
        {
            return isEmpty?.Invoke(e) == true ? [] : null;
        }
    }
}
