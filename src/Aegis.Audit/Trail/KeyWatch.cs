namespace Aegis.Audit.Trail;

/// <summary>
/// Interrupts a running export when its key or session ends, on any host. The promise is 250 ms, so it checks ten times a second.
/// </summary>
internal sealed class KeyWatch(IKeyDirectory keys, TimeProvider clock, ILogger<KeyWatch> log)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    /// <summary>Breaks the connection, which also frees a writer that waits for a slow client. Returns true if it did.</summary>
    public async Task<bool> Watch(Caller caller, HttpContext context, CancellationToken end)
    {
        if (caller.CredentialId is not { } credential) return false;
        while (true)
        {
            await Task.Delay(Interval, clock, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested) return false;
            if (await IsActive(credential)) continue;
            context.Abort();
            return true;
        }
    }

    private async Task<bool> IsActive(string credential)
    {
        try
        {
            return await keys.IsActive(credential, CancellationToken.None);
        }
        catch (Exception e)
        {
            Log.ExportNotWatched(log, e.GetType().Name, e); // checked again soon; without a database the export cannot continue either
            return true;
        }
    }
}
