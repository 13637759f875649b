using System.IO.Compression;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Inflates an entry whose compressed size is known beforehand with the platform's inflater, which is faster than ours but does not
/// tell where the data ends. So it gets the last byte by itself: data that ends earlier never asks for it, and data that ends later
/// asks for more.
/// </summary>
internal sealed class BoundedInflater : IDisposable
{
    private readonly CompressedBytes compressed;
    private readonly DeflateStream deflate;

    public BoundedInflater(ZipSource source, long compressedSize)
    {
        compressed = new CompressedBytes(source, compressedSize);
        deflate = new DeflateStream(compressed, CompressionMode.Decompress, leaveOpen: true);
    }

    /// <summary>The next bytes, 0 at the end of the data; that all compressed bytes were used is for the caller to check.</summary>
    /// <exception cref="ContentException">The bytes are not deflate data, or not all of it.</exception>
    public async ValueTask<int> Read(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var count = await deflate.ReadAsync(buffer, ct);
            return count > 0 || !compressed.WasTooShort ? count : throw ZipRefusals.Mismatch();
        }
        catch (InvalidDataException)
        {
            throw compressed.WasTooShort ? ZipRefusals.Mismatch() : Inflater.Damaged();
        }
    }

    public void Dispose() => deflate.Dispose();

    /// <summary>The compressed bytes of one entry and none of the next.</summary>
    private sealed class CompressedBytes(ZipSource source, long size) : ForwardStream
    {
        private long left = size;

        /// <summary>More was asked for than there is.</summary>
        public bool WasTooShort { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (left == 0)
            {
                WasTooShort = true;
                return 0;
            }

            await source.Need(1, cancellationToken);
            var max = left == 1 ? 1 : left - 1;
            var count = (int)Math.Min(Math.Min(max, buffer.Length), source.Buffered.Length);
            source.Buffered[..count].CopyTo(buffer.Span);
            source.Advance(count);
            left -= count;
            return count;
        }
    }
}
