using System.IO.Compression;
using System.IO.Hashing;
using Aegis.Studies.Content.Unzipping;

namespace Aegis.Tests.Studies.Content;

public sealed class ZipForwardReaderTests
{
    private static readonly byte[] Text = new Seeded(1).Compressible(100_000);

    [Theory]
    [InlineData(CompressionLevel.NoCompression)]
    [InlineData(CompressionLevel.Fastest)]
    [InlineData(CompressionLevel.SmallestSize)]
    public async Task An_archive_of_dotnet_is_read(CompressionLevel level)
    {
        byte[][] contents = [Text, [], [1], new Seeded(2).Bytes(300_000)];
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var content in contents)
            {
                using var entry = zip.CreateEntry("CT/1.dcm", level).Open();
                entry.Write(content);
            }
        }

        var read = await ZipReading.ReadAll(made.ToArray());

        Hex(read).Should().Equal(Hex(contents));
    }

    [Fact]
    public async Task An_archive_written_to_a_pipe_is_read_when_it_is_compressed()
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(new WriteOnly(made), ZipArchiveMode.Create))
        {
            using var entry = zip.CreateEntry("1.dcm").Open();
            entry.Write(Text);
        }

        var read = await ZipReading.ReadAll(made.ToArray());

        Hex(read).Should().Equal(Hex([Text]));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(1000)]
    [InlineData(int.MaxValue)]
    public async Task Bytes_may_arrive_in_pieces_of_any_size(int piece)
    {
        var zip = new ZipForge().Stored("a", [1, 2, 3]).Streamed("b", Text).Deflated("c", Text).Stored("d", Text).Close();

        var read = await ZipReading.ReadAll(zip, piece: piece);

        Hex(read).Should().Equal(Hex([[1, 2, 3], Text, Text, Text]));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    [InlineData(false, true)]
    public async Task Each_form_of_data_descriptor_is_understood(bool signature, bool wide)
    {
        var zip = new ZipForge().Streamed("a", Text, signature, wide).Streamed("b", [], signature, wide)
            .Streamed("c", [7], signature, wide).Close();

        var read = await ZipReading.ReadAll(zip);

        Hex(read).Should().Equal(Hex([Text, [], [7]]));
    }

    [Fact]
    public async Task Folders_are_skipped_and_counted()
    {
        var zip = new ZipForge().Stored("CT/", []).Stored("CT/1", [1]).Stored("CT/2/", [], flags: 8).Deflated("CT/3/", [])
            .Stored("z", [2]).Close();
        using var reader = new ZipForwardReader(new MemoryStream(zip), new ZipLimits());

        while (await reader.Next(CancellationToken.None) is not null)
        {
        }

        reader.Entries.Should().Be(5);
    }

    [Fact]
    public async Task An_entry_that_is_not_read_is_skipped()
    {
        var zip = new ZipForge().Deflated("a", Text).Streamed("b", Text).Stored("c", Text).Stored("d", [4]).Close();
        using var reader = new ZipForwardReader(new ZipReading.Trickle(zip, 100), new ZipLimits());
        await reader.Next(CancellationToken.None);
        await (await reader.Next(CancellationToken.None))!.ReadExactlyAsync(new byte[10]);
        await reader.Next(CancellationToken.None);

        var last = await reader.Next(CancellationToken.None);

        var bytes = new byte[2];
        (await last!.ReadAsync(bytes)).Should().Be(1);
        bytes[0].Should().Be(4);
    }

    [Fact]
    public async Task Zip64_sizes_in_a_local_header_are_used()
    {
        var extra = ZipForge.Fields((ushort)0x5455, (ushort)1, new byte[1], (ushort)1, (ushort)16, 3L, 3L);
        var zip = new ZipForge().Entry("a", 0, 0, Crc32.HashToUInt32([1, 2, 3]), [1, 2, 3], uint.MaxValue, uint.MaxValue, extra)
            .Close(change: d => BitConverter.TryWriteBytes(d[0].AsSpan(24), 3u));

        var read = await ZipReading.ReadAll(zip);

        read.Should().ContainSingle().Which.Should().Equal(1, 2, 3);
    }

    [Fact]
    public async Task A_zip64_archive_is_read_to_its_end()
    {
        var forge = new ZipForge();
        for (var i = 0; i < 70_000; i++)
            forge.Stored("a", []);
        var zip = forge.Close(count: 0xFFFF);
        var end = zip[^22..];
        var record = ZipForge.Fields(0x06064B50u, 44L, (ushort)45, (ushort)45, 0u, 0u, 70_000L, 70_000L, 0L, 0L, 0x07064B50u, 0u, 0L, 1u);

        var read = await ZipReading.ReadAll([.. zip[..^22], .. record, .. end]);

        read.Should().HaveCount(70_000);
    }

    [Fact]
    public async Task A_comment_and_a_little_padding_are_skipped()
    {
        var zip = new ZipForge().Stored("a", [1]).Close(comment: "made by hand", behind: new byte[60_000]);

        var read = await ZipReading.ReadAll(zip);

        read.Should().ContainSingle();
    }

    [Fact]
    public async Task Our_own_archive_is_read()
    {
        using var folder = new StudyFolder();
        await folder.Seal(Text, [1], Text);
        using var reader = folder.Open();
        var archive = new Aegis.Studies.Content.Archive.StudyArchive(reader.Index);
        using var served = new MemoryStream();
        await Aegis.Studies.Content.Archive.ArchiveCopy.Copy(archive, 0, archive.Length, reader, served, null, CancellationToken.None);

        var read = await ZipReading.ReadAll(served.ToArray());

        Hex(read).Should().Equal(Hex([Text, [1], Text]));
    }

    private static IEnumerable<string> Hex(IEnumerable<byte[]> contents) => contents.Select(Convert.ToHexString);

    private sealed class WriteOnly(Stream inner) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }
        public override void Write(byte[] buffer, int offset, int count) => inner.Write(buffer, offset, count);
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
