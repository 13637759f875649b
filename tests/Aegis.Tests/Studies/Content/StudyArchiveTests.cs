using System.IO.Compression;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Archive;

namespace Aegis.Tests.Studies.Content;

public sealed class StudyArchiveTests : IDisposable
{
    private readonly StudyFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task The_archive_has_every_instance_under_a_generated_name()
    {
        byte[][] instances = [[1, 2, 3], new Seeded(1).Bytes(200_000), [], [9]];
        var bytes = await Serve(instances);

        using var zip = new ZipArchive(new MemoryStream(bytes));

        zip.Entries.Select(e => e.FullName).Should().Equal("0001.dcm", "0002.dcm", "0003.dcm", "0004.dcm");
        zip.Entries.Select(e => Convert.ToHexString(Content(e))).Should().Equal(instances.Select(Convert.ToHexString));
        zip.Entries.Should().OnlyContain(e => e.LastWriteTime.Year == 1980 && e.CompressedLength == e.Length);
    }

    [Fact]
    public async Task The_archive_is_the_same_each_time()
    {
        var first = await Serve([[1, 2, 3], [4]]);
        using var reader = folder.Open();
        using var again = new MemoryStream();

        await Archive(reader).Copy(0, Archive(reader).Length, reader, again, null, CancellationToken.None);

        again.ToArray().Should().Equal(first);
    }

    [Fact]
    public async Task Every_range_of_a_small_archive_equals_its_part_of_the_whole()
    {
        var whole = await Serve([[1, 2, 3], [], [4, 5, 6, 7, 8]]);
        using var reader = folder.Open();
        var archive = Archive(reader);
        using var cursor = reader.Cursor();

        for (var from = 0; from <= whole.Length; from++)
        {
            for (var to = from; to <= whole.Length; to++)
                Collect(archive, from, to, cursor).SequenceEqual(whole.Take(from..to)).Should().BeTrue("[{0}, {1})", from, to);
        }
    }

    [Fact]
    public async Task Names_grow_and_stay_sorted_with_the_count()
    {
        var bytes = await Serve([.. Enumerable.Repeat(new byte[] { 1 }, 10_000)]);

        using var zip = new ZipArchive(new MemoryStream(bytes));

        zip.Entries[0].FullName.Should().Be("00001.dcm");
        zip.Entries[^1].FullName.Should().Be("10000.dcm");
        zip.Entries.Select(e => e.FullName).Should().BeInAscendingOrder(StringComparer.Ordinal);
    }

    [Theory]
    [InlineData(65_534, 0)]
    [InlineData(65_535, 76)]
    [InlineData(70_000, 76)]
    public void More_entries_than_the_end_record_can_count_get_a_zip64_one(int count, int extra)
    {
        var archive = new StudyArchive(new StudyIndex([.. Enumerable.Repeat((0L, 0u, 0), count)]));

        var end = archive.Segments(archive.CentralStart + (long)count * (46 + 9), archive.Length).Single();

        end.Length.Should().Be(22 + extra);
        archive.Length.Should().Be(count * (30L + 9 + 46 + 9) + 22 + extra);
    }

    [Fact]
    public async Task An_archive_of_more_than_65535_entries_opens()
    {
        var bytes = await Serve([.. Enumerable.Repeat(Array.Empty<byte>(), 65_536)]);

        using var zip = new ZipArchive(new MemoryStream(bytes));

        zip.Entries.Should().HaveCount(65_536);
    }

    [Fact]
    public async Task A_study_without_instances_is_an_empty_archive()
    {
        var bytes = await Serve([]);

        using var zip = new ZipArchive(new MemoryStream(bytes));

        bytes.Should().HaveCount(22);
        zip.Entries.Should().BeEmpty();
    }

    [Fact]
    public async Task A_range_outside_the_archive_is_refused()
    {
        await Serve([[1]]);
        using var reader = folder.Open();
        var archive = Archive(reader);

        var behind = () => archive.Segments(0, archive.Length + 1);
        var before = () => archive.Segments(-1, 1);

        behind.Should().Throw<ArgumentOutOfRangeException>();
        before.Should().Throw<ArgumentOutOfRangeException>();
    }

    private static StudyArchive Archive(SealedStudyReader reader) => new(reader.Index);

    private async Task<byte[]> Serve(byte[][] instances)
    {
        await folder.Seal(instances);
        using var reader = folder.Open();
        using var served = new MemoryStream();
        await Archive(reader).Copy(0, Archive(reader).Length, reader, served, null, CancellationToken.None);
        served.Length.Should().Be(Archive(reader).Length);
        return served.ToArray();
    }

    private static byte[] Collect(StudyArchive archive, long from, long to, SealedStudyCursor cursor)
    {
        var bytes = new byte[to - from];
        var at = 0;
        foreach (var segment in archive.Segments(from, to))
        {
            if (segment.IsPayload)
                cursor.Read(segment.Offset, bytes.AsSpan(at, (int)segment.Length));
            else
                segment.Framing.CopyTo(bytes.AsMemory(at));
            at += (int)segment.Length;
        }

        at.Should().Be(bytes.Length);
        return bytes;
    }

    private static byte[] Content(ZipArchiveEntry entry)
    {
        using var copy = new MemoryStream();
        using var stream = entry.Open();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
