namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Writes one de-identified instance into the study. The instance begins with its first byte, so a file that is not DICOM adds no
/// instance. Without a writer the bytes are dropped.
/// </summary>
internal sealed class InstanceTarget(SealedStudyWriter? writer) : WriteOnlyStream
{
    private Stream? instance;
    private bool isDiscarded = writer is null;

    /// <summary>Drops what is written, because the upload already contained this instance. Call it before the first byte.</summary>
    public void Discard() => isDiscarded = true;

    /// <summary>Ends the instance and stores the number of its series.</summary>
    public void End(int series)
    {
        if (instance is not null) writer!.EndInstance(series);
        instance = null;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (isDiscarded) return;
        try
        {
            instance ??= writer!.BeginInstance();
            await instance.WriteAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            throw StorageUnavailable();
        }
    }

    /// <summary>The refusal for a full or failing disk. Nothing of the upload is kept.</summary>
    public static RefusedException StorageUnavailable() =>
        Refuse.Unavailable("storage_unavailable",
            "The study could not be stored, and nothing of it was kept. Try again later, or tell the operator.");
}
