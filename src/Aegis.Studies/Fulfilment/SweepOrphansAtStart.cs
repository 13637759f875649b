using Aegis.Kernel.Jobs;
using Aegis.Kernel.Persistence.SqlServer;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aegis.Studies.Fulfilment;

/// <summary>Sweeps once after a start, whoever runs the jobs: what the process before left is old enough by then.</summary>
internal sealed class SweepOrphansAtStart(
    IEnumerable<JobRegistration> jobs, IServiceScopeFactory scopes, Repeats repeats, TimeProvider clock, ILogger<SweepOrphansAtStart> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Delay(SweepOrphansJob.YoungerStays, clock, stoppingToken);
        await jobs.Single(j => j.Type == typeof(SweepOrphansJob)).Run(scopes, repeats, log, stoppingToken);
    }
}
