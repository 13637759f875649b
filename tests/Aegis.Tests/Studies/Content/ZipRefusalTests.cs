using System.IO.Hashing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Unzipping;

namespace Aegis.Tests.Studies.Content;

public sealed class ZipRefusalTests
{
    private static readonly byte[] Text = new Seeded(1).Compressible(100_000);

    [Fact]
    public async Task A_stored_entry_with_a_data_descriptor_cannot_be_streamed()
    {
        await Refused(new ZipForge().Stored("a", [1], flags: 8).Close(), "zip_not_streamable");
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("../a")]
    [InlineData("a/../../b")]
    [InlineData("a/..")]
    [InlineData("..")]
    [InlineData("\\a")]
    [InlineData("a\\..\\b")]
    [InlineData("..\\b")]
    [InlineData("C:a")]
    [InlineData("c:/a")]
    [InlineData("a\0b")]
    [InlineData("a\nb")]
    [InlineData("../")]
    public async Task A_name_that_leads_outside_is_refused(string name)
    {
        await Refused(new ZipForge().Stored(name, [1]).Close(), "zip_entry_name");
    }

    [Theory]
    [InlineData("a..b")]
    [InlineData("...")]
    [InlineData("a/./b")]
    [InlineData("1:a")]
    [InlineData("MÜLLER^JÖRG/1.dcm")]
    public async Task An_unusual_name_is_accepted(string name)
    {
        var read = await ZipReading.ReadAll(new ZipForge().Stored(name, [1]).Close());

        read.Should().ContainSingle();
    }

    [Theory]
    [InlineData(0x0001, 8, "zip_encrypted")]
    [InlineData(0x0041, 8, "zip_encrypted")]
    [InlineData(0x2000, 8, "zip_encrypted")]
    [InlineData(0, 99, "zip_encrypted")]
    [InlineData(0, 9, "zip_method_unsupported")]
    [InlineData(0, 14, "zip_method_unsupported")]
    [InlineData(0x0020, 8, "zip_method_unsupported")]
    public async Task An_archive_that_cannot_be_unpacked_is_refused(int flags, int method, string code)
    {
        await Refused(new ZipForge().Entry("a", flags, method, 0, [1, 2], 2).Close(), code);
    }

    [Fact]
    public async Task Every_truncation_is_detected()
    {
        var zip = new ZipForge().Stored("a", [1, 2, 3]).Streamed("b", Text[..500]).Deflated("c", Text[..500]).Close(comment: "end");

        for (var length = 4; length < zip.Length; length++)
            await Refused(zip[..length], "zip_truncated");
    }

    [Theory]
    [InlineData("")]
    [InlineData("PK")]
    [InlineData("PK\u0001\u0002")]
    [InlineData("Not a zip archive at all")]
    public async Task A_file_that_is_not_a_zip_is_refused(string bytes)
    {
        await Refused(Encoding.ASCII.GetBytes(bytes), "zip_invalid");
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused()
    {
        await Refused(new ZipForge().Stored("a", Text, crc: 1).Close(), "zip_crc_mismatch");
        await Refused(new ZipForge().Deflated("a", Text, crc: 1).Close(), "zip_crc_mismatch");
        await Refused(new ZipForge().Streamed("a", Text, crc: 1).Close(), "zip_crc_mismatch");
    }

    [Fact]
    public async Task A_wrong_checksum_is_refused_when_the_entry_is_skipped()
    {
        using var reader = new ZipForwardReader(new MemoryStream(new ZipForge().Stored("a", Text, crc: 1).Close()), new ZipLimits());
        await reader.Next(CancellationToken.None);

        var next = async () => await reader.Next(CancellationToken.None);

        (await next.Should().ThrowAsync<ContentException>()).Which.Code.Should().Be("zip_crc_mismatch");
    }

    [Fact]
    public async Task Wrong_sizes_are_refused()
    {
        await Refused(new ZipForge().Deflated("a", Text, size: Text.Length + 1).Close(), "zip_crc_mismatch");
        await Refused(new ZipForge().Deflated("a", Text, size: 1).Close(), "zip_crc_mismatch");
        await Refused(new ZipForge().Entry("a", 0, 8, Crc32.HashToUInt32(Text), ZipForge.Deflate(Text), Text.Length, packedSize: 5).Close(),
            "zip_crc_mismatch");
        await Refused(new ZipForge().Entry("a", 0, 0, 0, [1, 2], 3).Close(), "zip_invalid");
    }

    [Fact]
    public async Task A_folder_with_content_is_refused()
    {
        await Refused(new ZipForge().Stored("a/", [1]).Close(), "zip_invalid");
    }

    [Fact]
    public async Task A_missing_zip64_size_is_refused()
    {
        var cut = ZipForge.Fields((ushort)1, (ushort)8, 3L);
        var negative = ZipForge.Fields((ushort)1, (ushort)16, -1L, -1L);
        foreach (var extra in new byte[][] { [], [1, 0], [1, 0, 200, 0], cut, negative })
            await Refused(new ZipForge().Entry("a", 0, 0, 0, [1, 2, 3], uint.MaxValue, uint.MaxValue, extra).Close(), "zip_invalid");
    }

    [Fact]
    public async Task A_directory_that_contradicts_its_entries_is_refused()
    {
        await Refused(Two().Close(change: d => d.RemoveAt(1)), "zip_invalid");
        await Refused(Two().Close(change: d => d.Add(d[0])), "zip_invalid");
        await Refused(Two().Close(count: 1), "zip_invalid");
        await Refused(Two().Close(change: d => d[0][16] ^= 1), "zip_invalid");
        await Refused(Two().Close(change: d => d[1][24] ^= 1), "zip_invalid");

        static ZipForge Two() => new ZipForge().Stored("a", [1]).Stored("b", [2, 3]);
    }

    [Fact]
    public async Task A_malformed_zip64_record_is_refused()
    {
        await Refused(With(Record(size: 43)), "zip_invalid");
        await Refused(With(Record(size: 70_000)), "zip_invalid");
        await Refused(With([.. Record(size: 44), .. Record(size: 44)]), "zip_invalid");
        await Refused(With(Record(size: 44, entries: 2)), "zip_invalid");
        (await ZipReading.ReadAll(With(Record(size: 44)))).Should().ContainSingle();

        static byte[] Record(long size, long entries = 1) =>
            ZipForge.Fields(0x06064B50u, size, (ushort)45, (ushort)45, 0u, 0u, entries, entries, 0L, 0L, new byte[Math.Max(0, size - 44)]);

        static byte[] With(byte[] record)
        {
            var zip = new ZipForge().Stored("a", [1]).Close();
            return [.. zip[..^22], .. record, .. zip[^22..]];
        }
    }

    [Fact]
    public async Task Bytes_between_the_parts_or_far_after_the_end_are_refused()
    {
        await Refused(new ZipForge().Stored("a", [1]).Raw(1, 2, 3, 4).Stored("b", [1]).Close(), "zip_invalid");
        await Refused(new ZipForge().Stored("a", [1]).Close(behind: new byte[70_000]), "zip_invalid");
    }

    [Fact]
    public async Task Damaged_deflate_data_is_refused()
    {
        await Refused(new ZipForge().Entry("a", 0, 8, 0, [0x07], 5).Close(), "zip_invalid");
    }

    [Fact]
    public async Task Each_limit_is_enforced()
    {
        var zip = new ZipForge().Stored("a", new byte[600]).Deflated("b", new byte[600]).Streamed("c", new byte[600]).Close();

        await Refused(zip, "zip_too_many_entries", new ZipLimits { MaxEntries = 2 });
        await Refused(zip, "zip_entry_too_large", new ZipLimits { MaxEntryBytes = 599 });
        await Refused(zip, "zip_too_large", new ZipLimits { MaxTotalBytes = 1799 });
        await Refused(zip, "zip_bomb", new ZipLimits { MaxRatio = 1, RatioAllowance = 100 });
        (await ZipReading.ReadAll(zip, new ZipLimits { MaxEntries = 3, MaxEntryBytes = 600, MaxTotalBytes = 1800 })).Should().HaveCount(3);
    }

    [Fact]
    public async Task An_entry_with_too_large_a_declared_size_is_refused_before_reading()
    {
        using var reader = new ZipForwardReader(
            new MemoryStream(new ZipForge().Stored("a", new byte[600]).Close()), new ZipLimits { MaxEntryBytes = 599 });

        var next = async () => await reader.Next(CancellationToken.None);

        (await next.Should().ThrowAsync<ContentException>()).Which.Code.Should().Be("zip_entry_too_large");
    }

    [Fact]
    public async Task An_entry_without_a_declared_size_is_refused_once_it_is_too_large()
    {
        await Refused(new ZipForge().Streamed("a", new byte[600]).Close(), "zip_entry_too_large", new ZipLimits { MaxEntryBytes = 599 });
    }

    [Fact]
    public async Task A_bomb_is_refused_before_it_unpacks()
    {
        var zip = new ZipForge().Streamed("a", new byte[200 << 20]).Close();
        var unpacked = 0L;
        using var reader = new ZipForwardReader(new MemoryStream(zip), new ZipLimits());
        var entry = await reader.Next(CancellationToken.None);

        var read = async () =>
        {
            var buffer = new byte[65536];
            for (int count; (count = await entry!.ReadAsync(buffer)) > 0;)
                unpacked += count;
        };

        (await read.Should().ThrowAsync<ContentException>()).Which.Code.Should().Be("zip_bomb");
        unpacked.Should().BeLessThan(100L << 20);
    }

    [Fact]
    public async Task A_refusal_never_repeats_a_name()
    {
        var zip = new ZipForge().Stored("DOE^JANE/../1.dcm", [1]).Close();

        var read = async () => await ZipReading.ReadAll(zip);

        (await read.Should().ThrowAsync<ContentException>()).Which.ToString().Should().NotContain("DOE");
    }

    private static async Task Refused(byte[] zip, string code, ZipLimits? limits = null)
    {
        var read = async () => await ZipReading.ReadAll(zip, limits, piece: 1000);

        (await read.Should().ThrowAsync<ContentException>()).Which.Code.Should().Be(code);
    }
}
