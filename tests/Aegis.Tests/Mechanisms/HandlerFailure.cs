using Aegis.Kernel.Events;
using Aegis.Studies.Persistence;
using Aegis.Vault.Persistence;
using Aegis.Webhooks.Persistence;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Mechanisms;

/// <summary>
/// Lets one save of one handler fail, once: before anything of it is stored, or when it is stored and nobody has heard of that.
/// </summary>
internal sealed class HandlerFailure : SaveChangesInterceptor
{
    private string? handler;
    private int left;
    private bool isAfter;

    /// <summary>Whether the save came and failed.</summary>
    public bool HasFailed { get; private set; }

    public void Register(IServiceCollection services) => services
        .ConfigureDbContext<SqliteAuthDb>(o => o.AddInterceptors(this)).ConfigureDbContext<SqlServerAuthDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteStudiesDb>(o => o.AddInterceptors(this))
            .ConfigureDbContext<SqlServerStudiesDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteVaultDb>(o => o.AddInterceptors(this)).ConfigureDbContext<SqlServerVaultDb>(o => o.AddInterceptors(this))
        .ConfigureDbContext<SqliteWebhooksDb>(o => o.AddInterceptors(this))
            .ConfigureDbContext<SqlServerWebhooksDb>(o => o.AddInterceptors(this));

    /// <param name="name">The handler.</param>
    /// <param name="save">Which of its saves from now on; the relay's save for it counts too.</param>
    /// <param name="after">When it is stored.</param>
    public void Arm(string name, int save, bool after) => (left, isAfter, HasFailed, handler) = (save, after, false, name);

    public void Disarm() => handler = null;

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (IsMeant() && --left == 0 && !isAfter) Fail();
        return ValueTask.FromResult(result);
    }

    public override ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result,
        CancellationToken cancellationToken = default)
    {
        if (IsMeant() && left == 0 && isAfter) Fail();
        return ValueTask.FromResult(result);
    }

    private bool IsMeant() => !HasFailed && handler is not null && HandlerCall.Current?.Handler == handler;

    private void Fail()
    {
        HasFailed = true;
        throw new TimeoutException("The database is away for a moment.");
    }
}
