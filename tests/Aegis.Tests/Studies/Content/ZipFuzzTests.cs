using Aegis.Studies.Content;
using Aegis.Studies.Content.Unzipping;

namespace Aegis.Tests.Studies.Content;

public sealed class ZipFuzzTests
{
    [Fact]
    public async Task Mutated_archives_are_read_or_refused_and_nothing_else()
    {
        var random = new Seeded(1);
        var text = random.Compressible(2000);
        var zip = new ZipForge().Stored("a/", []).Stored("a/b", text).Streamed("c", text).Deflated("d", text).Streamed("e", [], wide: true)
            .Close(comment: "x");
        var limits = new ZipLimits { MaxEntries = 50, MaxEntryBytes = 1 << 20, MaxTotalBytes = 4 << 20 };
        var (read, refused) = (0, 0);

        for (var i = 0; i < 6000; i++)
        {
            try
            {
                await ZipReading.ReadAll(Mutate(zip, random), limits, piece: 1 + random.Below(3000));
                read++;
            }
            catch (ContentException e)
            {
                e.Code.Should().StartWith("zip_");
                refused++;
            }
        }

        read.Should().BeGreaterThan(0);
        refused.Should().BeGreaterThan(read);
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_archive()
    {
        var zip = new ZipForge().Streamed("a", new Seeded(2).Compressible(8 << 20)).Stored("b", new byte[8 << 20]).Close();
        await Skim(zip);
        var before = GC.GetAllocatedBytesForCurrentThread();

        await Skim(zip);

        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    private static async Task Skim(byte[] zip)
    {
        using var reader = new ZipForwardReader(new MemoryStream(zip), new ZipLimits());
        while (await reader.Next(CancellationToken.None) is not null)
        {
        }
    }

    private static byte[] Mutate(byte[] zip, Seeded random)
    {
        List<byte> bytes = [.. zip];
        for (var changes = 1 + random.Below(3); changes > 0 && bytes.Count > 10; changes--)
        {
            var at = random.Below(bytes.Count);
            switch (random.Below(6))
            {
                case 0: bytes[at] = 0xFF; break;
                case 1: bytes[at] = 0; break;
                case 2: bytes.RemoveRange(at, Math.Min(bytes.Count - at, 1 + random.Below(50))); break;
                case 3: bytes.InsertRange(at, random.Bytes(1 + random.Below(50))); break;
                case 4: bytes.InsertRange(at, zip.Take(random.Below(zip.Length))); break;
                default: bytes[at] ^= (byte)(1 << random.Below(8)); break;
            }
        }

        return [.. bytes];
    }
}
