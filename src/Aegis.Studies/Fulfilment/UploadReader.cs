namespace Aegis.Studies.Fulfilment;

/// <summary>Opens uploads with the limits of this installation.</summary>
internal sealed class UploadReader(StudiesOptions options, TimeProvider clock)
{
    /// <summary>Checks the headers of the upload. The body is not read yet.</summary>
    public Upload Of(HttpRequest request) => Upload.Of(request, options, clock);

    /// <summary>Stops an upload that takes longer than the limit.</summary>
    public async Task<T> WithTimeout<T>(Func<CancellationToken, Task<T>> act, CancellationToken ct)
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
                $"The upload took more than {options.MaxUploadHours} hours. Send the study over a faster connection.");
        }
    }
}
