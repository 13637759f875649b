namespace Aegis.Dicom.Part10;

/// <summary>
/// The data set after the file meta information. Reading a file starts with a <see cref="SourceWindow"/> over the stream.
/// <see cref="FileMeta"/> reads the head and names the transfer syntax. This type opens the rest: <see cref="FirstElement"/> finds the
/// actual syntax, and an <see cref="InflatedSource"/> inflates. A <see cref="DicomReader"/> then reads it token by token, and a
/// <see cref="DicomWriter"/> writes into an <see cref="OutputBuffer"/>. Every part may refuse the file with a
/// <see cref="DicomException"/>.
/// </summary>
internal sealed class DataSet : IDisposable
{
    private readonly InflatedSource? inflated;

    private DataSet(SourceWindow window, TransferSyntax syntax, bool isCorrected, InflatedSource? inflated) =>
        (Window, Syntax, IsCorrected, this.inflated) = (window, syntax, isCorrected, inflated);

    public SourceWindow Window { get; }

    public TransferSyntax Syntax { get; }

    /// <summary>The file meta information named another transfer syntax.</summary>
    public bool IsCorrected { get; }

    public static async ValueTask<DataSet> Open(SourceWindow file, TransferSyntax label, CancellationToken ct)
    {
        if (!label.Deflated)
        {
            var syntax = await Resolve(file, label, ct);
            return new(file, syntax, isCorrected: syntax != label, null);
        }
        if (await file.Has(FirstElement.Bytes, ct) && FirstElement.IsPlain(file.Buffered))
            return new(file, TransferSyntax.ExplicitLittleEndian, true, null);

        var inflated = new InflatedSource(file);
        var window = new SourceWindow(inflated);
        try
        {
            return new(window, await Resolve(window, label, ct), false, inflated);
        }
        catch
        {
            window.Dispose();
            await inflated.DisposeAsync();
            throw;
        }
    }

    public void Dispose()
    {
        if (inflated is null) return;
        Window.Dispose();
        inflated.Dispose();
    }

    // A file without any element fails later, because it lacks identifiers.
    private static async ValueTask<TransferSyntax> Resolve(SourceWindow window, TransferSyntax label, CancellationToken ct)
    {
        if (!await window.Has(FirstElement.Bytes, ct)) return label;
        return FirstElement.Resolve(window.Buffered, label)
            ?? throw new DicomException(
                DicomErrors.TransferSyntaxMismatch, "The data set is not encoded as its transfer syntax says.", window.Position);
    }
}
