namespace Aegis.Audit.Trail;

/// <summary>
/// Cuts a running export when the key or login behind it ends, on whatever host that happened. The promise is 250 ms, so it looks ten times
/// a second.
/// </summary>
internal sealed class KeyWatch(IKeyDirectory keys, TimeProvider clock, ILogger<KeyWatch> log)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    /// <summary>Breaks the connection, which also frees a writer that waits for a slow reader. True when it did.</summary>
    public async Task<bool> Watch(Caller caller, HttpContext context, CancellationToken over)
    {
        if (caller.CredentialId is not { } credential) return false;
        while (true)
        {
            await Task.Delay(Look, clock, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (over.IsCancellationRequested) return false;
            if (await Stands(credential)) continue;
            context.Abort();
            return true;
        }
    }

    private async Task<bool> Stands(string credential)
    {
        try
        {
            return await keys.IsActive(credential, CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.ExportNotWatched(log, e.GetType().Name, e); // looks again: without a database the export does not go on either
            return true;
        }
    }
}
