using System.Data.Common;
using System.Text.RegularExpressions;
using Aegis.Studies.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.App;

/// <summary>
/// Does something once, in the very moment before the modules Auth and Studies read or save what a test names: what another host may do,
/// without waiting for luck.
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

    /// <summary>Before the next save that adds such a row.</summary>
    public void BeforeAdding<TRow>(Func<Task> does)
        where TRow : class => (save, work) = (db => db.ChangeTracker.Entries<TRow>().Any(e => e.State is EntityState.Added), does);

    /// <summary>Before the next save that changes such a row so.</summary>
    public void BeforeChanging<TRow>(Func<TRow, bool> so, Func<Task> does)
        where TRow : class =>
            (save, work) = (db => db.ChangeTracker.Entries<TRow>().Any(e => e.State is EntityState.Modified && so(e.Entity)), does);

    /// <summary>Before the next query of this table, not of others with it.</summary>
    public void BeforeReading(string name, Func<Task> does) => (table, work) = (name, does);

    /// <summary>Whether it has been done.</summary>
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
