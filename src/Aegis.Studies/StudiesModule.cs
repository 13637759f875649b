using Aegis.Kernel.Sealing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aegis.Studies;

/// <summary>The exchange: requests, transfers, content, metering and destruction.</summary>
public static class StudiesModule
{
    public static IServiceCollection AddStudies(this IServiceCollection services, IConfiguration configuration, DatabaseOptions database)
    {
        services.AddModuleDb<StudiesDb, SqliteStudiesDb, SqlServerStudiesDb>(database);
        services.AddSingleton(sp => new DayKeys(sp.GetRequiredService<KeyOptions>().DayKeyPath));
        services.AddSingleton<ContentFolder>();
        services.AddRequests(configuration);
        services.AddTransfers();
        return services;
    }
}
