using Aegis.Kernel.Events;
using Aegis.Kernel.Jobs;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies.Transfers;

/// <summary>Registers transfers, serving, metering, windows, statements and destruction.</summary>
internal static class TransferServices
{
    public static IServiceCollection AddTransfers(this IServiceCollection services)
    {
        services.AddScoped<OpenTransfer>();
        services.AddScoped<TransferAnswers>();

        services.AddSingleton<LiveStreams>();
        services.AddSingleton<StreamLedger>();
        services.AddScoped<Settlement>();
        services.AddSingleton<SealedContent>();
        services.AddSingleton<ViewRules>();
        services.AddRecurringJob<AdoptViewRulesJob>();
        services.AddSingleton<StreamAudit>();
        services.AddSingleton<ContentStreams>();
        services.AddScoped<TicketCheck>();
        services.AddHostedService<CutStreams>();
        services.AddRecurringJob<SweepTicketsJob>();
        services.AddHandler<RevokeTickets, StudiesDb>(RevokeTickets.Name);

        services.AddHostedService<EndWindows>();
        services.AddRecurringJob<ReviewMetersJob>();
        services.AddHandler<FollowPartnership, StudiesDb>(FollowPartnership.Name);

        services.AddScoped<DestructionStart>();
        services.AddScoped<Shredder>();
        services.AddScoped<Completion>();
        services.AddScoped<StatementStore>();
        services.AddScoped<Receipts>();
        services.AddSingleton<FinishDestructions>();
        services.AddHostedService(sp => sp.GetRequiredService<FinishDestructions>());
        services.AddHandler<FinishSoon, StudiesDb>(FinishSoon.Name);
        services.AddRecurringJob<DestroyDayKeysJob>();
        return services;
    }
}
