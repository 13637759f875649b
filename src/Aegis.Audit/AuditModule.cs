using Aegis.Audit.Checkpoints;
using Aegis.Audit.Persistence;
using Aegis.Audit.Proofs;
using Aegis.Audit.Sequencing;
using Aegis.Audit.Tlog;
using Aegis.Audit.Trail;
using Aegis.Kernel.Auditing;
using Aegis.Kernel.Events;
using Aegis.Kernel.Persistence;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Aegis.Audit;

/// <summary>The audit trail: durable entries, their one order, and the list that organizations read.</summary>
public static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<AuditDb, SqliteAuditDb, SqlServerAuditDb>(database);
        services.AddSingleton<BulkDatabase>();
        var options = AuditOptions.From(configuration, database.DataDirectory);
        services.AddSingleton(options);
        services.AddSingleton(new CheckpointFile(options.CheckpointFile));
        services.AddSingleton<CheckpointSigner>(_ => _ => Task.FromResult(new Aegis.Kernel.Signing.NoteSigner("aegis.example", new byte[32]))); // TODO
        services.AddSingleton(sp => new Notary(
            sp.GetRequiredService<BulkDatabase>(), sp.GetRequiredService<CheckpointFile>(), sp.GetRequiredService<CheckpointSigner>(), TimeProvider.System,
            sp.GetRequiredService<ILogger<Notary>>()));

        // Leases and pacing are measured in real time, also when the application's clock is moved.
        services.AddSingleton(sp => new Sequencer(
            sp.GetRequiredService<BulkDatabase>(), sp.GetRequiredService<CommitSignals>(), sp.GetRequiredService<Notary>(), TimeProvider.System,
            sp.GetRequiredService<ILogger<Sequencer>>()));
        services.AddHostedService(sp => sp.GetRequiredService<Sequencer>());
        services.AddScoped<CatchUp>();
        services.AddScoped<PublishedCheckpoint>();
        services.AddScoped<TileReader>();
        services.AddScoped<EntryBundle>();

        // After the sequencer, so that it stops first and its last entries are still sequenced.
        services.AddSingleton<CallTrail>();
        services.AddSingleton<IAuditTrail>(sp => sp.GetRequiredService<CallTrail>());
        services.AddHostedService(sp => sp.GetRequiredService<CallTrail>());
        return services;
    }
}
