using System.IO.Compression;
using System.IO.Hashing;
using Aegis.Studies.Content;

namespace Aegis.Tests.Studies.Content;

/// <summary>Deflated entries whose compressed size is in their header: the data must end exactly there.</summary>
public sealed class BoundedEntryTests
{
    private static readonly CompressionLevel[] Levels =
        [CompressionLevel.NoCompression, CompressionLevel.Fastest, CompressionLevel.Optimal, CompressionLevel.SmallestSize];

    [Fact]
    public async Task Data_that_ends_at_its_size_is_read()
    {
        var random = new Seeded(1);
        for (var i = 0; i < 300; i++)
        {
            var content = Content(random, i);
            var packed = ZipForge.Deflate(content, Levels[i % 4]);

            var read = await ZipReading.ReadAll(Archive(content, packed), piece: 1 + random.Below(20_000));

            read.Single().AsSpan().SequenceEqual(content).Should().BeTrue("round {0}", i);
        }
    }

    [Fact]
    public async Task Data_that_ends_before_its_size_is_refused()
    {
        var random = new Seeded(2);
        for (var i = 0; i < 300; i++)
        {
            var content = Content(random, i);
            byte[] packed = [.. ZipForge.Deflate(content, Levels[i % 4]), .. random.Bytes(1 + random.Below(i % 10 == 0 ? 30_000 : 5))];

            await Refused(Archive(content, packed), 1 + random.Below(20_000), $"round {i}");
        }
    }

    [Fact]
    public async Task Data_that_ends_after_its_size_is_refused()
    {
        var random = new Seeded(3);
        for (var i = 0; i < 300; i++)
        {
            var content = Content(random, i);
            var packed = ZipForge.Deflate(content, Levels[i % 4]);
            var size = packed.Length - 1 - random.Below(Math.Min(packed.Length - 1, 5));

            await Refused(Archive(content, packed[..size]), 1 + random.Below(20_000), $"round {i}, cut");
            await Refused(new ZipForge().Entry("a", 0, 8, Crc32.HashToUInt32(content), packed, content.Length, packedSize: size).Close(),
                1000, $"round {i}, whole");
        }
    }

    [Fact]
    public async Task An_entry_can_be_abandoned_before_its_end()
    {
        var content = new Seeded(4).Compressible(200_000);
        using var reader = new Aegis.Studies.Content.Unzipping.ZipForwardReader(
            new ZipReading.Trickle(new ZipForge().Deflated("a", content).Deflated("b", content).Close(), 5000), new());

        await (await reader.Next(CancellationToken.None))!.ReadExactlyAsync(new byte[100_000]);

        (await reader.Next(CancellationToken.None)).Should().NotBeNull();
        (await reader.Next(CancellationToken.None)).Should().BeNull();
    }

    private static byte[] Content(Seeded random, int round) =>
        round % 3 == 0 ? random.Bytes(random.Below(40_000)) : random.Compressible(random.Below(round % 3 == 1 ? 100 : 150_000));

    private static byte[] Archive(byte[] content, byte[] packed) =>
        new ZipForge().Entry("a", 0, 8, Crc32.HashToUInt32(content), packed, content.Length).Close();

    private static async Task Refused(byte[] zip, int piece, string because)
    {
        var read = () => ZipReading.ReadAll(zip, piece: piece);

        (await read.Should().ThrowAsync<ContentException>(because)).Which.Code.Should().Be("zip_crc_mismatch", because);
    }
}
