using Aegis.Contracts.Sandbox;
using Aegis.Contracts.Studies;
using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Aegis.Studies.Sandbox;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Requests;

/// <summary>Registers requests and their fulfilment.</summary>
internal static class RequestServices
{
    public static IServiceCollection AddRequests(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(StudiesOptions.From(configuration));
        services.AddSingleton<RequestSeal>();
        services.AddScoped<RequestIntake>();
        services.AddSingleton<UploadReader>();
        services.AddSingleton<FulfilmentLeases>();
        services.AddSingleton<Deidentifying>();
        services.AddSingleton<StudyStore>();
        services.AddScoped<StudyIngestion>();
        services.AddScoped<StudyDelivery>();
        services.AddScoped<ISandboxStudies, SandboxStudies>();
        services.AddRecurringJob<SweepOrphansJob>();
        services.AddHostedService<SweepOrphansAtStart>();
        services.AddRecurringJob<ExpireRequestsJob>();
        services.AddRecurringJob<ShredDetailsJob>();
        services.AddHandler<FollowTransfer, StudiesDb>(FollowTransfer.Name);
        return services;
    }
}
