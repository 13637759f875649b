using Aegis.Dicom.Part10;

namespace Aegis.Studies.Fulfilment;

/// <summary>The body of an upload, read forward once. It is refused when it exceeds its limit or when its sender stops sending.</summary>
internal sealed class UploadBody(Stream body, long? announced, long limit, TimeSpan maxSilence, TimeProvider clock) : ForwardStream
{
    private long taken;

    /// <summary>True once everything that the peer sent is read.</summary>
    public bool Ended { get; private set; }

    /// <summary>Refuses a body before its first byte if its Content-Length exceeds the limit.</summary>
    public void RequireFits()
    {
        if (announced > limit) throw TooLarge();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Next(buffer, cancellationToken);
        taken += count;
        Ended = count == 0 && !buffer.IsEmpty;
        if (taken > limit) throw TooLarge();
        return count;
    }

    /// <summary>
    /// The server only checks the average data rate. A sender that was fast and then lost power would stay above the minimum rate for
    /// hours, and would block the request for that time.
    /// </summary>
    private async ValueTask<int> Next(Memory<byte> buffer, CancellationToken ct)
    {
        using var silence = new CancellationTokenSource(maxSilence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, silence.Token);
        try
        {
            return await body.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RefusedException(
                StatusCodes.Status408RequestTimeout, "body_too_slow",
                $"Nothing arrived for {maxSilence.TotalSeconds:0} seconds. Send the study again.");
        }
    }

    private RefusedException TooLarge() =>
        Refuse.TooLarge("upload_too_large",
            $"The upload has more than {limit} bytes. Send a smaller study, or ask the operator to raise Studies:MaxUploadBytes.")
            .With("limit", limit);
}
