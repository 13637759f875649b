using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Aegis.Kernel.Outbound;

/// <summary>Registers the one way out.</summary>
internal static class OutboundServices
{
    public static void AddOutbound(this IServiceCollection services, IConfiguration configuration)
    {
        AllowedTarget.From(configuration); // a slip stops the start, not the first call
        services.AddSingleton(sp => OutboundPolicy.From(
            configuration, configuration.GetValue<bool?>("Sandbox:Enabled") ?? sp.GetRequiredService<IHostEnvironment>().IsDevelopment()));
        services.TryAddSingleton<NameLookup>(OutboundConnections.AskSystem);
        services.AddSingleton<OutboundConnections>();
        services.AddSingleton<SafeHttp>();
    }
}
