using System.Buffers.Binary;
using System.IO.Compression;
using Aegis.Studies.Content.Sealing;
using Aegis.Studies.Content.Archive;

namespace Aegis.Tests.Studies.Content;

/// <summary>Archives of more than 4 GiB, computed from an index only. Their payload is never written.</summary>
public sealed class StudyArchiveZip64Tests
{
    private const long Limit = uint.MaxValue; // 0xFFFFFFFF means "see the zip64 record"

    [Theory]
    [InlineData(Limit - 1, 38, 54)]
    [InlineData(Limit, 58, 74)]
    [InlineData(Limit + 1, 58, 74)]
    public void An_entry_of_four_gigabytes_gets_zip64_sizes(long length, int local, int central)
    {
        var archive = Archive(length);

        var header = archive.Segments(0, archive.Length).First().Framing;

        header.Length.Should().Be(local);
        archive.CentralStart.Should().Be(local + length);
        archive.Segments(archive.CentralStart, archive.Length).First().Length.Should().Be(central);
    }

    [Fact]
    public void The_zip64_record_of_a_local_header_has_both_sizes()
    {
        var archive = Archive(Limit + 5);

        var header = archive.Segments(0, 58).Single().Framing.ToArray();

        U32(header, 18).Should().Be(uint.MaxValue);
        U32(header, 22).Should().Be(uint.MaxValue);
        header[38..42].Should().Equal(1, 0, 16, 0);
        U64(header, 42).Should().Be(Limit + 5);
        U64(header, 50).Should().Be(Limit + 5);
    }

    // The third header starts at 38 + first + 38 + 0: just below, at and above the maximum of 32 bits.
    [Theory]
    [InlineData(Limit - 77, 54)]
    [InlineData(Limit - 76, 66)]
    [InlineData(Limit - 75, 66)]
    public void An_entry_beyond_four_gigabytes_gets_a_zip64_offset(long first, int central)
    {
        var archive = Archive(first, 0, 7);

        var record = archive.Segments(archive.CentralStart + 2 * 54, archive.Length).First().Framing.ToArray();

        record.Should().HaveCount(central);
        (central == 54 ? U32(record, 42) : U64(record, 58)).Should().Be(first + 76);
    }

    [Fact]
    public void A_large_entry_beyond_four_gigabytes_gets_sizes_and_offset_in_this_order()
    {
        var archive = Archive(Limit + 1, Limit + 2);

        var record = archive.Segments(archive.CentralStart + 74, archive.Length).First().Framing.ToArray();

        record.Should().HaveCount(46 + 8 + 28);
        record[54..58].Should().Equal(1, 0, 24, 0);
        U64(record, 58).Should().Be(Limit + 2);
        U64(record, 66).Should().Be(Limit + 2);
        U64(record, 74).Should().Be(58 + Limit + 1);
    }

    [Fact]
    public void A_search_for_any_offset_finds_its_segment()
    {
        var archive = Archive(5, Limit + 10, 0, 3, Limit - 1, Limit, 1);
        var at = 0L;

        foreach (var (framing, instance, offset, length) in Copied(archive.Segments(0, archive.Length)))
        {
            foreach (var inside in new[] { 0, length / 2, length - 1 })
            {
                var found = archive.Segments(at + inside, at + length).First();
                found.Length.Should().Be(length - inside);
                found.Instance.Should().Be(instance);
                if (instance >= 0)
                    found.Offset.Should().Be(offset + inside);
                else
                    found.Framing.ToArray().Should().Equal(framing[(int)inside..]);
            }

            at += length;
        }

        at.Should().Be(archive.Length);
    }

    [Fact]
    public void The_directory_of_a_large_archive_can_be_read()
    {
        long[] lengths = [5, Limit + 10, 0, 3, Limit - 1, Limit, 1];
        var archive = Archive(lengths);

        using var zip = new ZipArchive(new HollowStream(archive));

        zip.Entries.Select(e => e.Length).Should().Equal(lengths);
        zip.Entries.Select(e => e.Crc32).Should().Equal(1u, 2u, 3u, 4u, 5u, 6u, 7u);
        using var last = zip.Entries[^1].Open();
        last.ReadByte().Should().Be(0);
    }

    private static StudyArchive Archive(params long[] lengths) =>
        new(new StudyIndex([.. lengths.Select((length, i) => (length, (uint)i + 1, 0))]));

    private static IEnumerable<(byte[] Framing, int Instance, long Offset, long Length)> Copied(IEnumerable<ArchiveSegment> segments) =>
        segments.Select(s => (s.Framing.ToArray(), s.Instance, s.Offset, s.Length));

    private static long U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private static long U64(byte[] bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(at));

    /// <summary>The archive with zeros for payload.</summary>
    private sealed class HollowStream(StudyArchive archive) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => true;
        public override bool CanWrite => false;
        public override long Length => archive.Length;
        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            count = (int)Math.Min(count, Length - Position);
            var at = offset;
            foreach (var segment in archive.Segments(Position, Position + count))
            {
                var target = buffer.AsSpan(at, (int)segment.Length);
                target.Clear();
                segment.Framing.Span.CopyTo(target);
                at += target.Length;
            }

            Position += count;
            return count;
        }

        public override long Seek(long offset, SeekOrigin origin) =>
            Position = origin switch { SeekOrigin.Begin => offset, SeekOrigin.Current => Position + offset, _ => Length + offset };

        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
