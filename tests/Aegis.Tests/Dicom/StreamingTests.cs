using Aegis.Dicom;
using Aegis.Dicom.Deidentification;
using Aegis.Dicom.Synthetic;

namespace Aegis.Tests.Dicom;

public sealed class StreamingTests
{
    private const int Pixels = 500 << 20;

    [Fact]
    public async Task Memory_stays_flat_however_large_the_pixel_data_is()
    {
        var head = Part10File.Minimal().AddRaw(0x7FE00010, "OW", Pixels, []).ToBytes();
        var deidentifier = new Deidentifier(Deidentified.Secret, new());
        await deidentifier.Apply(new MemoryStream(Part10File.Minimal().ToBytes()), Stream.Null, default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var report = await deidentifier.Apply(new Endless(head, head.LongLength + Pixels), Stream.Null, default);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        report.BytesWritten.Should().BeGreaterThan(Pixels);
        allocated.Should().BeLessThan(4 << 20); // unoptimized builds allocate a state machine per piece
    }

    [Fact]
    public async Task A_false_length_costs_no_memory()
    {
        var head = Part10File.Minimal(Part10File.Implicit).AddRaw(0x300A0078, "DS", DicomLimits.InspectedValue, new byte[100]).ToBytes();
        var deidentifier = new Deidentifier(Deidentified.Secret, new());

        var before = GC.GetAllocatedBytesForCurrentThread();
        var apply = () => deidentifier.Apply(new MemoryStream(head), Stream.Null, default);

        (await apply.Should().ThrowAsync<DicomException>()).Which.Code.Should().Be(DicomErrors.Truncated);
        (GC.GetAllocatedBytesForCurrentThread() - before).Should().BeLessThan(1 << 20);
    }

    [Fact]
    public async Task A_second_application_changes_nothing_but_the_mapped_UIDs()
    {
        using var source = new MemoryStream();
        await new SyntheticStudy(SyntheticStudySpec.JaneDoe).Write(source, 1, 1, default);

        var once = await Deidentified.From(source.ToArray());
        var twice = await Deidentified.From(once.Bytes);

        twice.Values.Keys.Should().Equal(once.Values.Keys);
        twice.Values.Where(x => !once.Values[x.Key].AsSpan().SequenceEqual(x.Value)).Select(x => x.Key)
            .Should().BeEquivalentTo("0008,0018", "0010,0010", "0010,0020", "0020,000D", "0020,000E", "0020,0052");
    }

    [Fact]
    public async Task Cancelling_stops_the_pass()
    {
        var apply = () =>
            new Deidentifier(Deidentified.Secret, new()).Apply(new Endless([], long.MaxValue), Stream.Null, new(canceled: true));

        await apply.Should().ThrowAsync<OperationCanceledException>();
    }

    /// <summary>A head, then arbitrary bytes up to a length.</summary>
    private sealed class Endless(byte[] head, long length) : Stream
    {
        private long position;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => position; set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var from = head.AsSpan((int)Math.Min(position, head.Length));
            var count = (int)Math.Min(buffer.Length, from.Length > 0 ? from.Length : length - position);
            from[..Math.Min(from.Length, count)].CopyTo(buffer.Span);
            position += count;
            return new(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
