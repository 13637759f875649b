using System.IO.Compression;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// Inflates an entry whose compressed size is known in advance. It uses the platform's inflater, which is faster than ours but does
/// not tell where the data ends. So it feeds the last byte separately: data that ends too early never reads that byte, and data that
/// ends too late asks for more.
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

    /// <summary>Reads the next bytes; 0 at the end of the data. The caller checks that all compressed bytes were used.</summary>
    /// <exception cref="ContentException">The bytes are not deflate data, or the data is incomplete.</exception>
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

    /// <summary>The compressed bytes of one entry, and no byte of the next entry.</summary>
    private sealed class CompressedBytes(ZipSource source, long size) : ForwardStream
    {
        private long left = size;

        /// <summary>The inflater asked for more bytes than the entry has.</summary>
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
