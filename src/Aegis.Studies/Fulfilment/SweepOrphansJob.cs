using Aegis.Kernel.Jobs;
using Aegis.Kernel.Persistence.SqlServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Deletes sealed files that no transfer names, which a process leaves that dies during an upload. The writer of a file keeps it locked,
/// on any host, until the transfer that names it is saved. So the job looks for the transfer a second time once the file is not locked:
/// an upload that ended since the first look has named its file.
/// </summary>
internal sealed class SweepOrphansJob(StudiesDb db, ContentFolder folder, TimeProvider clock, ILogger<SweepOrphansJob> log) : IRecurringJob
{
    /// <summary>Covers the moments when a file in use is not locked: after its creation, and between its writer and its reader.</summary>
    public static readonly TimeSpan MinAge = TimeSpan.FromSeconds(10);

    private const int Batch = 500;

    public static string Name => "studies.sweep-orphans";

    public static string Cron => "50 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - MinAge;
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
            return false; // a writer or reader has it open
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

    /// <summary>Opens the file exclusively. Throws while another process or thread has it open.</summary>
    private static FileStream Lock(FileInfo file, FileOptions options) =>
        new(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, options);
}

/// <summary>Sweeps once after a start, on every host. The files that the previous process left are old enough by then.</summary>
internal sealed class SweepOrphansAtStart(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, ConnectionRetries repeats, TimeProvider clock,
    ILogger<SweepOrphansAtStart> log)
        : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(SweepOrphansJob.MinAge, clock, stoppingToken);
        await jobs.Single(j => j.Type == typeof(SweepOrphansJob)).Run(scopes, repeats, log, stoppingToken);
    }
}
