using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.People.Onboarding;

/// <summary>Registers the services for applications, claims, mail, agreements and the founding of the platform.</summary>
internal static class ApplicationServices
{
    public static void AddVerifiedAccess(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton(ApplicationOptions.From(configuration));
        services.AddScoped<Approval>();
        services.AddScoped<ClaimAcceptance>();
        var mail = MailOptions.From(configuration);
        services.AddSingleton(mail);
        services.AddScoped<MailQueue>();
        services.AddSingleton<MailSender>();
        services.AddHostedService(sp => sp.GetRequiredService<MailSender>());
        services.AddHandler<MailFailingWebhooks, AuthDb>(MailFailingWebhooks.Name, when: _ => mail.Server is not null);
        services.AddScoped<IFounding, Founding>();
        services.AddRecurringJob<ReviewAgreementsJob>();
        services.AddRecurringJob<ShredRejectedJob>();
    }
}
