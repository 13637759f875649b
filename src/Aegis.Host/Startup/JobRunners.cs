using Aegis.Kernel;
using Aegis.Kernel.Jobs;
#if AEGIS_HANGFIRE
using Aegis.Contracts.Identity;
using Aegis.Hangfire;
#endif

namespace Aegis.Host.Startup;

/// <summary>Who runs the recurring jobs: Quartz, Hangfire in hosts that were built with it, or nobody on this host.</summary>
internal static class JobRunners
{
    private const string Setting = "Jobs:Runner";
    private const string Hangfire = "Hangfire";

    public static IServiceCollection AddJobRunner(this IServiceCollection services, IConfiguration configuration) =>
        (configuration[Setting] ?? "Quartz") switch
        {
            "Quartz" => services.AddQuartzRunner(),
            Hangfire => AddHangfire(services),
            "None" => services,
            _ => throw new StartRefusedException($"{Setting} must be 'Quartz', 'Hangfire' or 'None'."),
        };

#if AEGIS_HANGFIRE
    /// <summary>Places the dashboard before authentication, where Hangfire runs the jobs.</summary>
    public static void UseJobDashboard(this WebApplication app)
    {
        if (app.Configuration[Setting] == Hangfire) app.MapJobDashboard(Scopes.StackRead);
    }

    private static IServiceCollection AddHangfire(IServiceCollection services) => services.AddHangfireRunner();
#else
    private static IServiceCollection AddHangfire(IServiceCollection services) => throw new StartRefusedException(
        $"{Setting} is 'Hangfire', and this host was built without it. Build it with 'dotnet publish src/Aegis.Host -c Release "
        + $"-p:AegisHangfire=true', or set {Setting} to 'Quartz'.");
#endif
}
