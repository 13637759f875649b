using Aegis.Audit.Persistence;
using Aegis.Studies.Persistence;
using Aegis.Vault.Persistence;
using Aegis.Webhooks.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.App;

/// <summary>
/// Makes a query fail that limits its rows without an order. Which rows it returns is random, and a list with such pages misses some.
/// </summary>
internal static class StrictQueries
{
    public static IServiceCollection AddStrictQueries(this IServiceCollection services) => services
        .ConfigureDbContext<SqliteKernelDb>(Throw).ConfigureDbContext<SqlServerKernelDb>(Throw)
        .ConfigureDbContext<SqliteAuthDb>(Throw).ConfigureDbContext<SqlServerAuthDb>(Throw)
        .ConfigureDbContext<SqliteStudiesDb>(Throw).ConfigureDbContext<SqlServerStudiesDb>(Throw)
        .ConfigureDbContext<SqliteVaultDb>(Throw).ConfigureDbContext<SqlServerVaultDb>(Throw)
        .ConfigureDbContext<SqliteWebhooksDb>(Throw).ConfigureDbContext<SqlServerWebhooksDb>(Throw)
        .ConfigureDbContext<SqliteAuditDb>(Throw).ConfigureDbContext<SqlServerAuditDb>(Throw);

    private static void Throw(DbContextOptionsBuilder options) => options.ConfigureWarnings(w => w.Throw(
        CoreEventId.RowLimitingOperationWithoutOrderByWarning, CoreEventId.FirstWithoutOrderByAndFilterWarning));
}
