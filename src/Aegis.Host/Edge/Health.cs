using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aegis.Host.Edge;

/// <summary><c>/livez</c>: the process responds. <c>/readyz</c>: it can do its work.</summary>
internal static class Health
{
    // Without it a probe would wait for a lost server as long as a call does, about a minute.
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(5);

    public static IServiceCollection AddHealth(this IServiceCollection services)
    {
        services.AddHealthChecks().AddCheck<DatabaseAnswers>("database", timeout: MaxWait);
        return services;
    }

    public static void MapHealth(this WebApplication app)
    {
        app.MapHealthChecks("/livez", new() { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/readyz").AllowAnonymous();
    }

    private sealed class DatabaseAnswers(KernelDb db, IHostApplicationLifetime lifetime) : IHealthCheck
    {
        public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
            lifetime.ApplicationStarted.IsCancellationRequested && await db.Installation.AnyAsync(cancellationToken)
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy("starting");
    }
}
