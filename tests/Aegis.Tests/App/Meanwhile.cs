using System.Data.Common;
using System.Text.RegularExpressions;
using Aegis.Studies.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.App;

/// <summary>
/// Runs code once, just before the modules Auth and Studies read or save certain rows. This simulates another host without depending on
/// timing.
/// </summary>
internal sealed class Meanwhile : SaveChangesInterceptor, IDbCommandInterceptor
{
    private Func<DbContext, bool> save = _ => false;
    private string? table;
    private Func<Task>? work;

    public static async Task<(AegisApp App, Meanwhile Meanwhile)> Start()
    {
        var meanwhile = new Meanwhile();
        return (await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(meanwhile))
            .ConfigureDbContext<SqlServerAuthDb>(o => o.AddInterceptors(meanwhile))
            .ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(meanwhile))
            .ConfigureDbContext<SqlServerStudiesDb>(o => o.AddInterceptors(meanwhile))), meanwhile);
    }

    /// <summary>Runs before the next save that adds such a row.</summary>
    public void BeforeAdding<TRow>(Func<Task> does)
        where TRow : class => (save, work) = (db => db.ChangeTracker.Entries<TRow>().Any(e => e.State is EntityState.Added), does);

    /// <summary>Runs before the next save that changes a row that meets the condition.</summary>
    public void BeforeChanging<TRow>(Func<TRow, bool> condition, Func<Task> does)
        where TRow : class =>
            (save, work) = (db => db.ChangeTracker.Entries<TRow>().Any(e => e.State is EntityState.Modified && condition(e.Entity)), does);

    /// <summary>Runs before the next query of this table.</summary>
    public void BeforeReading(string name, Func<Task> does) => (table, work) = (name, does);

    /// <summary>True once the code has run.</summary>
    public bool IsDone => work is null;

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (save(eventData.Context!)) await Do();
        return result;
    }

    public async ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(
        DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result,
        CancellationToken cancellationToken = default)
    {
        if (table is not null && Regex.IsMatch(command.CommandText, $"FROM \\S*{table}")) await Do();
        return result;
    }

    private Task Do() => Interlocked.Exchange(ref work, null) is { } now ? now() : Task.CompletedTask;
}
