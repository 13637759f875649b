using Aegis.Contracts.Vault;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Vault.Persistence;
using Microsoft.EntityFrameworkCore;

namespace Aegis.Vault.Health;

/// <summary>Keeps an alert for each thing about a credential that is not as it should be, and lets go of it when it is again.</summary>
internal sealed class AlertBook(VaultDb db, TimeProvider clock)
{
    public async Task Raise(IEvent happened, AlertType type, string? code, CancellationToken ct)
    {
        var present = await db.Alerts.FirstOrDefaultAsync(a => a.CredentialId == happened.ObjectId && a.Type == type, ct);
        if (present?.Code == code && present is not null) return; // it is known since then
        if (present is not null) db.Alerts.Remove(present);
        var now = clock.GetUtcNow();
        db.Alerts.Add(new Alert
        {
            Id = Ids.New("alr", now), OrganizationId = happened.Organizations[0], CredentialId = happened.ObjectId, Type = type, Code = code, CreatedAt = now,
        });
    }

    public async Task Clear(string credentialId, CancellationToken ct, params AlertType[] types) =>
        db.Alerts.RemoveRange(await db.Alerts.Where(a => a.CredentialId == credentialId && types.Contains(a.Type)).ToListAsync(ct));

    public Task ClearAll(string credentialId, CancellationToken ct) => Clear(credentialId, ct, Enum.GetValues<AlertType>());
}

/// <summary>Alerts that a credential is about to end.</summary>
internal sealed class AlertExpiring(AlertBook book) : IHandle<CredentialExpiring>
{
    public Task Handle(CredentialExpiring happened, CancellationToken ct) => book.Raise(happened, AlertType.Expiring, code: null, ct);
}

/// <summary>Alerts that a credential has ended, instead of being about to.</summary>
internal sealed class AlertExpired(AlertBook book) : IHandle<CredentialExpired>
{
    public async Task Handle(CredentialExpired happened, CancellationToken ct)
    {
        await book.Clear(happened.ObjectId, ct, AlertType.Expiring);
        await book.Raise(happened, AlertType.Expired, code: null, ct);
    }
}

/// <summary>Alerts that a rotation needs a person.</summary>
internal sealed class AlertRotationFailed(AlertBook book) : IHandle<CredentialRotationFailed>
{
    public Task Handle(CredentialRotationFailed happened, CancellationToken ct) => book.Raise(happened, AlertType.RotationFailed, happened.Code, ct);
}

/// <summary>Alerts that a credential does not work, until it does.</summary>
internal sealed class AlertTested(AlertBook book) : IHandle<CredentialTested>
{
    public Task Handle(CredentialTested happened, CancellationToken ct) => happened.Healthy
        ? book.Clear(happened.ObjectId, ct, AlertType.Unhealthy)
        : book.Raise(happened, AlertType.Unhealthy, happened.Code, ct);
}

/// <summary>Lets go of all alerts of a credential that has a new value.</summary>
internal sealed class ClearWhenRotated(AlertBook book) : IHandle<CredentialRotated>
{
    public Task Handle(CredentialRotated happened, CancellationToken ct) => book.ClearAll(happened.ObjectId, ct);
}

/// <summary>Lets go of what a value set by hand puts right; its end is another matter.</summary>
internal sealed class ClearWhenSet(AlertBook book) : IHandle<CredentialValueSet>
{
    public Task Handle(CredentialValueSet happened, CancellationToken ct) => book.Clear(happened.ObjectId, ct, AlertType.RotationFailed, AlertType.Unhealthy);
}

/// <summary>Lets go of what a rollback puts right.</summary>
internal sealed class ClearWhenRolledBack(AlertBook book) : IHandle<CredentialRolledBack>
{
    public Task Handle(CredentialRolledBack happened, CancellationToken ct) => book.Clear(happened.ObjectId, ct, AlertType.RotationFailed, AlertType.Unhealthy);
}

/// <summary>Lets go of the warnings about an end that was changed; a new end warns anew.</summary>
internal sealed class ClearWhenUpdated(AlertBook book) : IHandle<CredentialUpdated>
{
    public Task Handle(CredentialUpdated happened, CancellationToken ct) =>
        happened.Fields.Any(f => f is "expires_at" or "alert_threshold_hours")
            ? book.Clear(happened.ObjectId, ct, AlertType.Expiring, AlertType.Expired)
            : Task.CompletedTask;
}

/// <summary>Lets go of all alerts of a credential that is no longer used.</summary>
internal sealed class ClearWhenRetired(AlertBook book) : IHandle<CredentialRetired>
{
    public Task Handle(CredentialRetired happened, CancellationToken ct) => book.ClearAll(happened.ObjectId, ct);
}
