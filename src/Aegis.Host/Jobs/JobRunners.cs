using Aegis.Kernel.Jobs;

namespace Aegis.Host.Jobs;

/// <summary>Selects what runs the recurring jobs: Hangfire, or nothing on this host.</summary>
internal static class JobRunners
{
    private const string Setting = "Jobs:Runner";
    private const string WritesSetting = "Jobs:DashboardWrites";
    private const string Hangfire = "Hangfire";
    private const string None = "None";
    private const string Earlier = "Quartz"; // the job runner until 0.1

    public static IServiceCollection AddJobRunner(this IServiceCollection services, IConfiguration configuration)
    {
        if (!IsOn(configuration)) return services;
        services.AddSingleton(new DashboardOptions(configuration.GetValue<bool?>(WritesSetting) ?? false));
        return services.AddHangfireRunner();
    }

    /// <summary>Maps the dashboard if Hangfire runs the jobs.</summary>
    public static void MapJobs(this WebApplication app)
    {
        if (app.Configuration[Setting] == Earlier) Log.EarlierRunner(app.Logger);
        if (IsOn(app.Configuration)) app.MapJobDashboard();
    }

    private static bool IsOn(IConfiguration configuration) => (configuration[Setting] ?? Hangfire) switch
    {
        Hangfire or Earlier => true,
        None => false,
        _ => throw new StartRefusedException($"{Setting} must be '{Hangfire}' or '{None}'."),
    };
}

/// <param name="Writes">True if admins may start, requeue and delete jobs in the dashboard; otherwise it is read-only.</param>
internal sealed record DashboardOptions(bool Writes);
