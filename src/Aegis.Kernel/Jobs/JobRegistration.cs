namespace Aegis.Kernel.Jobs;

/// <summary>One registered recurring job.</summary>
public sealed record JobRegistration(string Name, string Cron, Type Type)
{
    /// <summary>
    /// Runs the job in its own scope, and repeats it after a short database outage: a job may always run twice. Other failures are logged
    /// and the schedule continues.
    /// </summary>
    /// <returns>False when the job failed.</returns>
    public async Task<bool> Run(IServiceScopeFactory scopes, ConnectionRetries repeats, ILogger log, CancellationToken ct)
    {
        try
        {
            await repeats.Run(
                async token =>
                {
                    await using var scope = scopes.CreateAsyncScope();
                    await ((IRecurringJob)scope.ServiceProvider.GetRequiredService(Type)).Run(token);
                },
                ct);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException || !ct.IsCancellationRequested)
        {
            Log.JobFailed(log, Name, e);
            return false;
        }
    }
}

/// <summary>Registers recurring jobs.</summary>
public static class JobServices
{
    public static IServiceCollection AddRecurringJob<TJob>(this IServiceCollection services)
        where TJob : class, IRecurringJob
    {
        services.AddScoped<TJob>();
        return services.AddSingleton(new JobRegistration(TJob.Name, TJob.Cron, typeof(TJob)));
    }
}
