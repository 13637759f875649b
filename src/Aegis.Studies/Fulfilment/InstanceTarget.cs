namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Where one de-identified instance goes. It begins with its first byte, so that a file which turns out to be no instance leaves none.
/// Without a writer the bytes are dropped.
/// </summary>
internal sealed class InstanceTarget(SealedStudyWriter? writer) : WriteOnlyStream
{
    private Stream? instance;
    private bool isDiscarded = writer is null;

    /// <summary>Drops what is written: the upload has held this instance before. Comes before the first byte.</summary>
    public void Discard() => isDiscarded = true;

    /// <summary>Ends the instance and keeps the number of its series.</summary>
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
            throw NoRoom();
        }
    }

    /// <summary>What a full or failing disk is answered with; nothing of the upload stays.</summary>
    public static RefusedException NoRoom() =>
        Refuse.Unavailable("storage_unavailable",
            "The study could not be stored. Nothing of it was kept; try again later or tell the operator.");
}
