using Aegis.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Vault.Rotation;

/// <summary>Registers rotation.</summary>
internal static class RotationServices
{
    public static IServiceCollection AddRotation(this IServiceCollection services)
    {
        services.AddScoped<Rotator>();
        services.AddScoped<Targets>();
        services.AddScoped<RotationSteps>();
        services.AddScoped<RotationEndings>();
        services.AddScoped<RotationWork>();
        services.AddSingleton<RotationRunner>();
        services.AddHostedService(sp => sp.GetRequiredService<RotationRunner>());
        services.AddRecurringJob<RotateDueJob>();
        services.AddRecurringJob<BarUnreadableCronsJob>();
        return services;
    }
}
