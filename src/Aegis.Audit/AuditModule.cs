using Aegis.Audit.Verification;
using Aegis.Contracts.Evidence;
using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aegis.Audit;

/// <summary>
/// The audit trail: durable entries, their order in one log, the log's Merkle tree and checkpoints, and what organizations read of it.
/// </summary>
public static class AuditModule
{
    public static IServiceCollection AddAudit(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<AuditDb, SqliteAuditDb, SqlServerAuditDb>(database);
        services.AddSingleton<BulkDatabase>();
        var options = AuditOptions.From(configuration, database.DataDirectory);
        services.AddSingleton(options);
        services.AddSingleton(new CheckpointFile(options.CheckpointFile));
        services.AddSingleton<CheckpointSigner>(sp => async ct =>
            sp.GetRequiredService<IHostApplicationLifetime>().ApplicationStarted.IsCancellationRequested
                ? await sp.GetRequiredService<EvidenceKeys>().Current(ct)
                : null); // not before the start: the first key is named after the address that the host listens on
        services.AddSingleton(sp => new Notary(
            sp.GetRequiredService<BulkDatabase>(), sp.GetRequiredService<CheckpointFile>(), sp.GetRequiredService<CheckpointSigner>(),
            TimeProvider.System,
            sp.GetRequiredService<ILogger<Notary>>()));

        // Leases and intervals are measured in real time, even if a test moves the application's clock.
        services.AddSingleton(sp => new Sequencer(
            sp.GetRequiredService<BulkDatabase>(), sp.GetRequiredService<CommitSignals>(), sp.GetRequiredService<Notary>(),
            TimeProvider.System,
            sp.GetRequiredService<ILogger<Sequencer>>()));
        services.AddHostedService(sp => sp.GetRequiredService<Sequencer>());
        services.AddScoped<CatchUp>();
        services.AddScoped<TrailReader>();
        services.AddScoped<TrailExport>();
        services.AddSingleton<ExportAudit>();
        services.AddSingleton<KeyWatch>();
        services.AddScoped<PublishedCheckpoint>();
        services.AddScoped<TileReader>();
        services.AddScoped<EntryBundle>();
        services.AddScoped<AuditVerification>();
        services.AddRecurringJob<ExpireEntriesJob>();

        // Registered after the sequencer, so that it stops first and its last entries are still sequenced.
        services.AddSingleton<CallTrail>();
        services.AddSingleton<IAuditTrail>(sp => sp.GetRequiredService<CallTrail>());
        services.AddHostedService(sp => sp.GetRequiredService<CallTrail>());

        services.AddSingleton<EvidenceKeys>();
        services.AddSingleton<IEvidenceSigner>(sp => sp.GetRequiredService<EvidenceKeys>());
        services.AddScoped<EvidenceKeyRotation>();
        return services;
    }

    /// <summary>Creates the next evidence key, planned or for use at once, and returns one line for the operator.</summary>
    public static async Task<string> RotateEvidenceKey(IServiceProvider services, bool isEmergency, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        var rotation = scope.ServiceProvider.GetRequiredService<EvidenceKeyRotation>();
        var key = isEmergency ? await rotation.Replace(ct) : await rotation.Rotate(ct);
        return string.Create(CultureInfo.InvariantCulture,
            $"{key.Id} signs from {key.SignsFrom:yyyy-MM-dd'T'HH:mm:ss'Z'} on: {key.Verifier}");
    }

    /// <summary>
    /// Checks the stored log against its hashes and against the signed checkpoints of the database and of a file, and reports the first
    /// error.
    /// </summary>
    /// <returns>0 if the log is intact, 1 if it was changed, 3 if it could not be verified.</returns>
    public static async Task<int> Verify(
        IServiceProvider services, string? checkpointFile, TextWriter output, TextWriter progress, CancellationToken ct)
    {
        await using var scope = services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<AuditVerification>().Run(checkpointFile, output, progress, ct);
    }
}
