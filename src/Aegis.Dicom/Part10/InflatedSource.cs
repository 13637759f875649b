using System.IO.Compression;

namespace Aegis.Dicom.Part10;

/// <summary>
/// Inflates a deflated data set (PS3.5 A.5) while it is read, within limits. Bytes after the deflated data are skipped: writers pad
/// it to an even length.
/// </summary>
internal sealed class InflatedSource : ForwardStream
{
    private readonly SourceWindow file;
    private readonly DeflatedBytes deflated;
    private readonly DeflateStream inflater;
    private readonly long start;
    private long inflated;

    public InflatedSource(SourceWindow file)
    {
        this.file = file;
        start = file.Position;
        deflated = new(file);
        inflater = new(deflated, CompressionMode.Decompress, leaveOpen: true);
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inflate(buffer, cancellationToken);
        inflated += count;
        var max = Math.Min(DicomLimits.Inflated, DicomLimits.InflationAllowance + (file.Position - start) * DicomLimits.InflationRatio);
        if (inflated > max)
            throw new DicomException(
                DicomErrors.InflatedTooLarge, "The deflated data set inflates to more than its size allows.", file.Position);
        return count;
    }

    private async ValueTask<int> Inflate(Memory<byte> buffer, CancellationToken ct)
    {
        try
        {
            var count = await inflater.ReadAsync(buffer, ct);
            if (count > 0 || buffer.IsEmpty) return count;
        }
        catch (InvalidDataException)
        {
            throw new DicomException(
                DicomErrors.DeflateInvalid, "The transfer syntax is deflated, but the data set is not deflate data.", file.Position);
        }
        // The inflater accepts an early end of its input. It asks for more only when the deflated data is incomplete.
        if (deflated.WasTooShort)
            throw new DicomException(DicomErrors.Truncated, "The file ends inside its deflated data set.", file.Position);
        while (!(await file.Piece(long.MaxValue, ct)).IsEmpty) { }
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) inflater.Dispose();
        base.Dispose(disposing);
    }

    /// <summary>The rest of the file after its file meta information.</summary>
    private sealed class DeflatedBytes(SourceWindow file) : ForwardStream
    {
        public bool WasTooShort { get; private set; }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var piece = await file.Piece(buffer.Length, cancellationToken);
            piece.CopyTo(buffer);
            WasTooShort |= piece.IsEmpty && !buffer.IsEmpty;
            return piece.Length;
        }
    }
}
