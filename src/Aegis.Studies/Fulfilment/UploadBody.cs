using Aegis.Kernel.Refusals;
using Aegis.Studies.Content;

namespace Aegis.Studies.Fulfilment;

/// <summary>The body of an upload, read forward once, and refused where it passes its limit.</summary>
internal sealed class UploadBody(Stream body, long? announced, long limit) : ForwardStream
{
    private long taken;

    /// <summary>True once everything the peer sent is read.</summary>
    public bool Ended { get; private set; }

    /// <summary>Refuses before the first byte what announces too many.</summary>
    public void RequireFits()
    {
        if (announced > limit) throw TooLarge();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await body.ReadAsync(buffer, cancellationToken);
        taken += count;
        Ended = count == 0 && !buffer.IsEmpty;
        if (taken > limit) throw TooLarge();
        return count;
    }

    private RefusedException TooLarge() =>
        Refuse.TooLarge("upload_too_large", $"One upload may have {limit} bytes. Send a smaller study, or ask the operator to raise Studies:MaxUploadBytes.")
            .With("limit", limit);
}
