using Aegis.Kernel.Events;
using Aegis.Studies.Persistence;
using Aegis.Vault.Persistence;
using Aegis.Webhooks.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Mechanisms;

/// <summary>Makes one save of one handler fail once: before it is stored, or after it is stored but before the handler knows.</summary>
internal sealed class HandlerFailure : SaveChangesInterceptor
{
    private string? handler;
    private int left;
    private bool isAfter;

    /// <summary>True once the save has failed.</summary>
    public bool HasFailed { get; private set; }

    public void Register(IServiceCollection services) => services
        .ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(this)).ConfigureDbContext<SqlServerAuthDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(this))
            .ConfigureDbContext<SqlServerStudiesDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteVaultDb>(o => o.AddInterceptors(this)).ConfigureDbContext<SqlServerVaultDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteWebhooksDb>(o => o.AddInterceptors(this))
            .ConfigureDbContext<SqlServerWebhooksDb>(o => o.AddInterceptors(this));

    /// <param name="name">The handler.</param>
    /// <param name="save">The number of the save, counted from now; the relay's save counts too.</param>
    /// <param name="after">True to fail after it is stored.</param>
    public void Arm(string name, int save, bool after) => (left, isAfter, HasFailed, handler) = (save, after, false, name);

    public void Disarm() => handler = null;

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (IsArmed() && --left == 0 && !isAfter) Fail();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result,
        CancellationToken cancellationToken = default)
    {
        if (IsArmed() && left == 0 && isAfter) Fail();
        return ValueTask.FromResult(result);
    }

    private bool IsArmed() => !HasFailed && handler is not null && HandlerCall.Current?.Handler == handler;

    private void Fail()
    {
        HasFailed = true;
        throw new TimeoutException("The database is unavailable for a moment.");
    }
}
