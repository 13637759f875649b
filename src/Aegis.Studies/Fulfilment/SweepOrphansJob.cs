using Aegis.Kernel.Jobs;
using Aegis.Studies.Content;
using Aegis.Studies.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Fulfilment;

/// <summary>
/// Deletes sealed files that no transfer names: what a process left that died during an upload. A file under way is locked by its
/// writer, on whatever host, until the transfer that names it is saved.
/// </summary>
internal sealed class SweepOrphansJob(StudiesDb db, ContentFolder folder, TimeProvider clock, ILogger<SweepOrphansJob> log) : IRecurringJob
{
    private const int Batch = 500;

    // Covers the moments in which a file changes hands from its writer to its reader.
    private static readonly TimeSpan YoungerStays = TimeSpan.FromMinutes(2);

    public static string Name => "studies.sweep-orphans";

    public static string Cron => "50 * * * * ?";

    public async Task Run(CancellationToken ct)
    {
        var before = clock.GetUtcNow() - YoungerStays;
        foreach (var candidates in folder.Files().Where(f => f.LastWriteTimeUtc < before.UtcDateTime).Chunk(Batch))
        {
            var names = candidates.Select(f => ContentFolder.TransferOf(f.Name)).OfType<string>().ToArray();
            var known = await db.Transfers.Where(t => names.Contains(t.Id)).Select(t => t.Id).ToListAsync(ct);
            foreach (var file in candidates)
            {
                if (ContentFolder.TransferOf(file.Name) is { } transfer && !known.Contains(transfer)) Sweep(file);
            }
        }
    }

    private void Sweep(FileInfo file)
    {
        try
        {
            // While a writer or reader holds the file this throws; closing it deletes it, so nobody can take it in between.
            new FileStream(file.FullName, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose).Dispose();
            Log.OrphanSwept(log, file.Name);
        }
        catch (IOException e)
        {
            Log.OrphanStays(log, file.Name, e.GetType().Name);
        }
    }
}
