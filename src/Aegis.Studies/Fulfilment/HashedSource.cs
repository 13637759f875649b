using System.Buffers;
using Aegis.Dicom.Part10;

namespace Aegis.Studies.Fulfilment;

/// <summary>Hashes and counts an uploaded file while it is read.</summary>
internal sealed class HashedSource(Stream file, IncrementalHash hash) : ForwardStream
{
    private const int ScratchSize = 64 * 1024;

    /// <summary>Bytes read so far.</summary>
    public long Bytes { get; private set; }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await file.ReadAsync(buffer, cancellationToken);
        hash.AppendData(buffer.Span[..count]);
        Bytes += count;
        return count;
    }

    /// <summary>Reads the rest and returns the digest of the whole file.</summary>
    public async Task<byte[]> Finish(CancellationToken ct)
    {
        var scratch = ArrayPool<byte>.Shared.Rent(ScratchSize);
        try
        {
            while (await ReadAsync(scratch, ct) > 0)
            {
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(scratch, clearArray: true);
        }

        return hash.GetHashAndReset();
    }
}
