using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Archive;
using Aegis.Studies.Metering;

namespace Aegis.Tests.Studies.Content;

public sealed class ArchiveCopyTests : IDisposable
{
    private readonly StudyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Random_ranges_equal_their_part_of_the_whole()
    {
        var random = new Seeded(1);
        await Seal(random, count: 40);
        var whole = await Copy(0, long.MaxValue);

        for (var i = 0; i < 60; i++)
        {
            var from = random.Below(whole.Length);
            var to = from + random.Below(whole.Length - from);
            (await Copy(from, to)).AsSpan().SequenceEqual(whole.AsSpan(from, to - from)).Should().BeTrue("[{0}, {1})", from, to);
        }
    }

    [Fact]
    public async Task Served_slices_add_up_to_the_payload_and_to_all_bytes()
    {
        await Seal(new Seeded(2), count: 40);
        using var reader = folder.Open();
        var archive = new StudyArchive(reader.Index);
        var served = new IntervalSet();
        var raw = 0L;

        await archive.Copy(0, archive.Length, reader, Stream.Null, slice =>
        {
            served.Add(slice.From, slice.To);
            raw += slice.Bytes;
        }, CancellationToken.None);

        served.Intervals.Should().Equal((0, reader.Index.PayloadLength));
        raw.Should().Be(archive.Length);
    }

    [Fact]
    public async Task A_range_of_framing_only_serves_no_payload()
    {
        await Seal(new Seeded(3), count: 3);
        using var reader = folder.Open();
        var archive = new StudyArchive(reader.Index);
        var slices = new List<ServedSlice>();

        await archive.Copy(archive.CentralStart, archive.Length, reader, Stream.Null, slices.Add, CancellationToken.None);

        slices.Should().Equal(new ServedSlice(0, 0, (int)(archive.Length - archive.CentralStart)));
    }

    [Fact]
    public async Task Bytes_of_a_failed_write_count_as_traffic_and_not_as_served()
    {
        await Seal(new Seeded(4), count: 40);
        using var reader = folder.Open();
        var archive = new StudyArchive(reader.Index);
        var slices = new List<ServedSlice>();

        var copy = () => archive.Copy(0, archive.Length, reader, new FullStream(600_000), slices.Add, CancellationToken.None);

        await copy.Should().ThrowAsync<IOException>();
        slices.Sum(s => s.Bytes).Should().Be(3 * 256 * 1024);
        slices[^1].Should().Match<ServedSlice>(s => s.From == s.To);
    }

    [Fact]
    public async Task A_cancelled_copy_stops_within_a_buffer()
    {
        await Seal(new Seeded(5), count: 40);
        using var reader = folder.Open();
        var archive = new StudyArchive(reader.Index);
        using var cut = new CancellationTokenSource();
        var raw = 0L;

        var copy = () => archive.Copy(0, archive.Length, reader, Stream.Null, slice =>
        {
            raw += slice.Bytes;
            cut.Cancel();
        }, cut.Token);

        await copy.Should().ThrowAsync<OperationCanceledException>();
        raw.Should().Be(256 * 1024);
    }

    [Fact]
    public async Task No_byte_of_a_damaged_chunk_is_sent()
    {
        await Seal(new Seeded(6), count: 40);
        var whole = await Copy(0, long.MaxValue);
        Damage(16 + 9 * 65552 + 5);
        using var sent = new MemoryStream();

        using var reader = folder.Open();
        var copy = () => new StudyArchive(reader.Index).Copy(0, whole.Length, reader, sent, null, CancellationToken.None);

        (await copy.Should().ThrowAsync<ContentCorruptException>()).Which.Chunk.Should().Be(9);
        whole.AsSpan().StartsWith(sent.ToArray()).Should().BeTrue();
    }

    [Fact]
    public async Task The_digest_is_that_of_the_served_content()
    {
        await Seal(new Seeded(7), count: 25);
        var whole = await Copy(0, long.MaxValue);
        using var reader = folder.Open();

        var digest = await ContentDigest.Compute(new StudyArchive(reader.Index), reader, CancellationToken.None);

        var instances = Parcel.Digest(await ZipReading.ReadAll(whole));
        digest.Should().Be(new ContentDigest(whole.Length, Convert.ToHexStringLower(SHA256.HashData(whole)), instances));
    }

    [Fact]
    public async Task The_digest_is_refused_when_an_instance_does_not_match_its_checksum()
    {
        await Seal(new Seeded(8), count: 2);
        using var reader = folder.Open();
        var index = new StudyIndex([.. Enumerable.Range(0, 2).Select(i => (reader.Index[i].Length, reader.Index[i].Crc32 ^ (uint)i, 0))]);

        var digest = () => ContentDigest.Compute(new StudyArchive(index), reader, CancellationToken.None);

        await digest.Should().ThrowAsync<ContentCorruptException>();
    }

    [Fact]
    public async Task The_digest_can_be_cancelled()
    {
        await Seal(new Seeded(10), count: 2);
        using var reader = folder.Open();

        var digest = () => ContentDigest.Compute(new StudyArchive(reader.Index), reader, new CancellationToken(canceled: true));

        await digest.Should().ThrowAsync<OperationCanceledException>();
    }

    [Fact]
    public async Task The_digest_is_refused_when_a_chunk_is_damaged()
    {
        await Seal(new Seeded(9), count: 25);
        Damage(16 + 3 * 65552);
        using var reader = folder.Open();

        var digest = () => ContentDigest.Compute(new StudyArchive(reader.Index), reader, CancellationToken.None);

        (await digest.Should().ThrowAsync<ContentCorruptException>()).Which.Chunk.Should().Be(3);
    }

    private async Task Seal(Seeded random, int count) =>
        await folder.Seal([.. Enumerable.Range(0, count).Select(_ => random.Bytes(random.Below(120_000)))]);

    private async Task<byte[]> Copy(long from, long to)
    {
        using var reader = folder.Open();
        var archive = new StudyArchive(reader.Index);
        using var served = new MemoryStream();
        await archive.Copy(from, Math.Min(to, archive.Length), reader, served, null, CancellationToken.None);
        return served.ToArray();
    }

    private void Damage(int at)
    {
        var bytes = File.ReadAllBytes(folder.File);
        bytes[at] ^= 1;
        File.WriteAllBytes(folder.File, bytes);
    }

    private sealed class FullStream(int room) : MemoryStream
    {
        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            Length + buffer.Length <= room ? base.WriteAsync(buffer, cancellationToken) : throw new IOException("The peer went away.");
    }
}
