namespace Aegis.Kernel.Jobs;

/// <summary>One recurring job as runners see it.</summary>
public sealed record JobRegistration(string Name, string Cron, Type Type)
{
    /// <summary>
    /// Runs the job in its own scope, and again when the database was away for a moment: a job may always run twice.
    /// Another failure is logged and the schedule goes on.
    /// </summary>
    /// <returns>False when it failed.</returns>
    public async Task<bool> Run(IServiceScopeFactory scopes, Repeats repeats, ILogger log, CancellationToken ct)
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
