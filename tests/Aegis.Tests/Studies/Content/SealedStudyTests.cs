using System.IO.Hashing;
using Aegis.Studies.Content;
using Aegis.Studies.Content.Sealing;

namespace Aegis.Tests.Studies.Content;

public sealed class SealedStudyTests : IDisposable
{
    private const int Chunk = 64 * 1024;
    private readonly StudyFolder folder = new();

    public void Dispose() => folder.Dispose();

    // 32 and 48 bytes of index for one and two instances: the totals are at and next to the borders of chunks and batches.
    [Theory]
    [InlineData(1)]
    [InlineData(Chunk - 33)]
    [InlineData(Chunk - 32)]
    [InlineData(Chunk - 31)]
    [InlineData(Chunk)]
    [InlineData(4 * Chunk - 32)]
    [InlineData(4 * Chunk - 31)]
    [InlineData(4 * Chunk)]
    [InlineData(9 * Chunk + 12345)]
    public async Task A_written_study_is_read_back(int length)
    {
        var bytes = new Seeded(1).Bytes(length);

        await folder.Seal(bytes);

        using var reader = folder.Open();
        Read(reader, 0, length).AsSpan().SequenceEqual(bytes).Should().BeTrue();
        reader.Index[0].Should().Be(new StudyInstance(0, length, Crc32.HashToUInt32(bytes), 0));
        reader.PlaintextLength.Should().Be(length + 32);
        reader.Index.PayloadLength.Should().Be(length);
    }

    [Fact]
    public async Task Any_range_of_many_instances_can_be_read()
    {
        var random = new Seeded(2);
        var instances = Enumerable.Range(0, 30).Select(_ => random.Bytes(random.Below(40_000))).ToArray();
        await folder.Seal(instances);
        var all = instances.SelectMany(i => i).ToArray();
        using var reader = folder.Open();
        using var cursor = reader.Cursor();

        for (var i = 0; i < 300; i++)
        {
            var from = random.Below(all.Length);
            var bytes = new byte[random.Below(all.Length - from)];
            cursor.Read(from, bytes);
            bytes.AsSpan().SequenceEqual(all.AsSpan(from, bytes.Length)).Should().BeTrue();
        }
    }

    [Fact]
    public async Task The_index_keeps_series_lengths_and_checksums()
    {
        byte[][] instances = [[1, 2, 3], [], [4], [5, 6]];

        await folder.Seal(instances);

        using var reader = folder.Open();
        Enumerable.Range(0, 4).Select(i => reader.Index[i]).Should().Equal(
            new StudyInstance(0, 3, Crc32.HashToUInt32([1, 2, 3]), 0), new StudyInstance(3, 0, 0, 1),
            new StudyInstance(3, 1, Crc32.HashToUInt32([4]), 2), new StudyInstance(4, 2, Crc32.HashToUInt32([5, 6]), 0));
        reader.Index.Count.Should().Be(4);
    }

    [Fact]
    public async Task Small_synchronous_writes_give_the_same_study()
    {
        var bytes = new Seeded(3).Bytes(10 * Chunk + 5);
        await using (var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key))
        {
            var stream = writer.BeginInstance();
            foreach (var piece in bytes.Chunk(777))
                stream.Write(piece);
            writer.EndInstance();
            await writer.Complete(CancellationToken.None);
        }

        using var reader = folder.Open();

        Read(reader, 0, bytes.Length).AsSpan().SequenceEqual(bytes).Should().BeTrue();
        reader.Index[0].Crc32.Should().Be(Crc32.HashToUInt32(bytes));
    }

    [Fact]
    public async Task Many_simultaneous_readers_each_get_their_bytes()
    {
        var bytes = new Seeded(4).Bytes(20 * Chunk);
        await folder.Seal(bytes);
        using var reader = folder.Open();

        var reads = Enumerable.Range(0, 16).Select(i => Task.Run(() => Read(reader, i * 1000, 10 * Chunk)));
        var results = await Task.WhenAll(reads);

        for (var i = 0; i < 16; i++)
            results[i].AsSpan().SequenceEqual(bytes.AsSpan(i * 1000, 10 * Chunk)).Should().BeTrue();
    }

    [Fact]
    public async Task An_unfinished_study_leaves_no_file()
    {
        await using (var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key))
            await writer.BeginInstance().WriteAsync(new byte[10 * Chunk]);

        folder.Names.Should().BeEmpty();
    }

    [Fact]
    public async Task A_cancelled_completion_leaves_no_file()
    {
        await using (var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key))
        {
            var complete = async () => await writer.Complete(new CancellationToken(canceled: true));
            await complete.Should().ThrowAsync<OperationCanceledException>();
        }

        folder.Names.Should().BeEmpty();
    }

    [Fact]
    public async Task An_existing_file_is_never_overwritten()
    {
        await folder.Seal([1]);

        var create = () => SealedStudyWriter.Create(folder.File, StudyFolder.Key);

        create.Should().Throw<IOException>();
        folder.Open().Dispose();
    }

    [Fact]
    public async Task Only_the_owner_may_read_the_file()
    {
        await folder.Seal([1]);

        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(folder.File).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Two_studies_of_the_same_bytes_and_key_differ()
    {
        await folder.Seal(new byte[100]);
        using var other = new StudyFolder();
        await other.Seal(new byte[100]);

        File.ReadAllBytes(folder.File).Should().NotEqual(File.ReadAllBytes(other.File));
    }

    [Fact]
    public async Task An_ended_instance_accepts_no_bytes()
    {
        await using var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key);
        var stream = writer.BeginInstance();
        writer.EndInstance();

        var write = () => stream.Write([1]);
        var writeLater = async () => await stream.WriteAsync(new byte[1]);
        var end = () => writer.EndInstance();

        write.Should().Throw<ObjectDisposedException>();
        await writeLater.Should().ThrowAsync<ObjectDisposedException>();
        end.Should().Throw<InvalidOperationException>();
    }

    [Fact]
    public async Task A_second_instance_cannot_begin_within_the_first()
    {
        await using var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key);
        writer.BeginInstance();

        var begin = () => writer.BeginInstance();
        var complete = async () => await writer.Complete(CancellationToken.None);

        begin.Should().Throw<InvalidOperationException>();
        await complete.Should().ThrowAsync<InvalidOperationException>();
    }

    [Fact]
    public async Task Reading_outside_the_plaintext_is_refused()
    {
        await folder.Seal([1, 2, 3]);
        using var reader = folder.Open();

        var behind = () => Read(reader, reader.PlaintextLength, 1);
        var before = () => Read(reader, -1, 0);

        behind.Should().Throw<ArgumentOutOfRangeException>();
        before.Should().Throw<ArgumentOutOfRangeException>();
    }

    [Theory]
    [InlineData(15)]
    [InlineData(32)]
    public async Task A_key_of_another_length_is_refused(int length)
    {
        await folder.Seal([1]);
        using var other = new StudyFolder();

        var create = () => SealedStudyWriter.Create(other.File, new byte[length]);
        var open = () => SealedStudyReader.Open(folder.File, new byte[length]);

        create.Should().Throw<ArgumentException>();
        other.Names.Should().BeEmpty();
        open.Should().Throw<ArgumentException>();
    }

    [Fact]
    public async Task A_disposed_reader_or_writer_cannot_be_used()
    {
        var writer = SealedStudyWriter.Create(folder.File, StudyFolder.Key);
        await writer.DisposeAsync();
        await folder.Seal([1]);
        var reader = folder.Open();
        var cursor = reader.Cursor();
        cursor.Dispose();
        reader.Dispose();

        var begin = () => writer.BeginInstance();
        var complete = async () => await writer.Complete(CancellationToken.None);
        var take = () => reader.Cursor();
        var read = () => cursor.Read(0, new byte[1]);

        begin.Should().Throw<ObjectDisposedException>();
        await complete.Should().ThrowAsync<ObjectDisposedException>();
        take.Should().Throw<ObjectDisposedException>();
        read.Should().Throw<ObjectDisposedException>();
    }

    private static byte[] Read(SealedStudyReader reader, long offset, int count)
    {
        using var cursor = reader.Cursor();
        var bytes = new byte[count];
        cursor.Read(offset, bytes);
        return bytes;
    }
}
