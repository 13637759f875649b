using Aegis.Kernel.Jobs;
using Aegis.Kernel.Persistence.SqlServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Deletes sealed files that no transfer names: what a process left that died during an upload. A file under way is locked by its
/// writer, on whatever host, until the transfer that names it is saved. So transfers are asked again once nobody holds the
/// file: an upload that ended since the first question has named it.
/// </summary>
internal sealed class SweepOrphansJob(StudiesDb db, ContentFolder folder, TimeProvider clock, ILogger<SweepOrphansJob> log) : IRecurringJob
{
    /// <summary>Covers the moments in which a file is not locked: between its creation or its writer and its reader.</summary>
    public static readonly TimeSpan YoungerStays = TimeSpan.FromSeconds(10);

    private const int Batch = 500;

    public static string Name => "studies.sweep-orphans";

    public static string Cron => "50 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - YoungerStays;
        var old = folder.Files().Where(f => f.LastWriteTimeUtc < before.UtcDateTime && ContentFolder.TransferOf(f.Name) is not null);
        foreach (var candidates in old.Chunk(Batch))
        {
            var unnamed = await Unnamed(candidates, ct);
            var free = unnamed.FindAll(IsFree);
            foreach (var file in await Unnamed(free, ct)) Sweep(file);
        }
    }

    private async Task<List<FileInfo>> Unnamed(IReadOnlyCollection<FileInfo> files, CancellationToken ct)
    {
        if (files.Count == 0) return [];
        var transfers = files.Select(f => ContentFolder.TransferOf(f.Name)!).ToArray();
        var known = await db.Transfers.Where(t => transfers.Contains(t.Id)).Select(t => t.Id).ToListAsync(ct);
        return [.. files.Where(f => !known.Contains(ContentFolder.TransferOf(f.Name)!))];
    }

    private static bool IsFree(FileInfo file)
    {
        try
        {
            Lock(file, FileOptions.None).Dispose();
            return true;
        }
        catch (IOException)
        {
            return false; // a writer or reader holds it
        }
    }

    private void Sweep(FileInfo file)
    {
        try
        {
            Lock(file, FileOptions.DeleteOnClose).Dispose();
            Log.OrphanSwept(log, file.Name);
        }
        catch (IOException e)
        {
            Log.OrphanStays(log, file.Name, e.GetType().Name);
        }
    }

    /// <summary>Throws while anyone holds the file, and lets nobody take it meanwhile.</summary>
    private static FileStream Lock(FileInfo file, FileOptions options) =>
        new(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
}

/// <summary>Sweeps once after a start, whoever runs the jobs: what the process before left is old enough by then.</summary>
internal sealed class SweepOrphansAtStart(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, Repeats repeats, TimeProvider clock, ILogger<SweepOrphansAtStart> log)
        : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(SweepOrphansJob.YoungerStays, clock, stoppingToken);
        await jobs.Single(j => j.Type == typeof(SweepOrphansJob)).Run(scopes, repeats, log, stoppingToken);
    }
}
