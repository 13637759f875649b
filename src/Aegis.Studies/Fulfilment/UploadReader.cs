namespace Aegis.Studies.Fulfilment;

/// <summary>Takes uploads within the limits of this installation.</summary>
internal sealed class UploadReader(StudiesOptions options, TimeProvider clock)
{
    /// <summary>Looks at the headers of the upload; nothing of its body is read yet.</summary>
    public Upload Of(HttpRequest request) => Upload.Of(request, options, clock);

    /// <summary>Stops what takes longer than an upload may.</summary>
    public async Task<T> InTime<T>(Func<CancellationToken, Task<T>> act, CancellationToken ct)
    {
        using var timeout = new CancellationTokenSource(options.MaxUploadTime, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try
        {
            return await act(either.Token);
        }
        catch (OperationCanceledException) when (timeout.IsCancellationRequested && !ct.IsCancellationRequested)
        {
            throw new RefusedException(
                StatusCodes.Status408RequestTimeout, "upload_timeout",
                $"An upload may take {options.MaxUploadHours} hours. Send the study over a faster connection.");
        }
    }
}
