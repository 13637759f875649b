using Aegis.Studies.Content.Unzipping;

namespace Aegis.Tests.Studies.Content;

/// <summary>Reads archives with the forward reader, in pieces as from a socket.</summary>
internal static class ZipReading
{
    public static async Task<List<byte[]>> ReadAll(byte[] zip, ZipLimits? limits = null, int piece = int.MaxValue)
    {
        var contents = new List<byte[]>();
        using var reader = new ZipForwardReader(new Trickle(zip, piece), limits ?? new ZipLimits());
        while (await reader.Next(CancellationToken.None) is { } entry)
        {
            using var content = new MemoryStream();
            await entry.CopyToAsync(content);
            contents.Add(content.ToArray());
        }

        return contents;
    }

    /// <summary>A stream that cannot seek and returns at most this number of bytes at a time.</summary>
    public sealed class Trickle(byte[] bytes, int piece) : Stream
    {
        private int at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = Math.Min(Math.Min(piece, buffer.Length), bytes.Length - at);
            bytes.AsMemory(at, count).CopyTo(buffer);
            at += count;
            return ValueTask.FromResult(count);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void Flush() { }
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
