namespace Aegis.Host.Startup;

/// <summary>Lets one host at a time migrate and fill the database. The operating system releases the lock when the process dies.</summary>
internal static class StartupLock
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    public static async Task<FileStream> Take(string dataDirectory, TimeProvider clock, CancellationToken ct)
    {
        PrivateFile.CreateDirectory(dataDirectory);
        var path = Path.Combine(dataDirectory, "migrate.lock");
        var start = clock.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (clock.GetElapsedTime(start) < MaxWait)
            {
                await Task.Delay(Pause, clock, ct);
            }
        }
    }
}
