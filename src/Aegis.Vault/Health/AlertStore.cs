using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Health;

/// <summary>
/// Keeps an alert for each thing about a credential that is not as it should be, and lets go of it when it is again. Alerts follow from
/// what the credential says of itself, in the save that changes it, so that no reader finds one without the other.
/// </summary>
internal static class AlertStore
{
    public static async Task Follow(VaultDb db, CancellationToken ct)
    {
        foreach (var changed in db.ChangeTracker.Entries<Credential>()
            .Where(e => e.State is EntityState.Added or EntityState.Modified).ToList())
        {
            var credential = changed.Entity;
            var wanted = credential.Concerns().ToList();
            if (wanted.Count > 0 || credential.HasAlerts) await Write(db, credential, wanted, ct);
        }
    }

    private static async Task Write(VaultDb db, Credential credential, List<AlertCause> wanted, CancellationToken ct)
    {
        var present = await db.Alerts.Where(a => a.CredentialId == credential.Id).ToListAsync(ct);
        db.Alerts.RemoveRange(present.Where(a => !wanted.Exists(w => w.IsSameAs(a))));
        db.Alerts.AddRange(wanted.Where(w => !present.Exists(w.IsSameAs)).Select(w => new Alert
        {
            Id = Ids.New("alr", w.Since),
            OrganizationId = credential.OrganizationId,
            CredentialId = credential.Id,
            Type = w.Type,
            Code = w.Code,
            CreatedAt = w.Since,
        }));
        credential.NoteAlerts(wanted.Count > 0);
    }
}

/// <summary>Something that is not as it should be.</summary>
/// <param name="Type">What.</param>
/// <param name="Code">Why, where there is a code.</param>
/// <param name="Since">When it was found; an alert that is stored already keeps its time.</param>
internal sealed record AlertCause(AlertType Type, string? Code, DateTimeOffset Since)
{
    public bool IsSameAs(Alert alert) => (alert.Type, alert.Code) == (Type, Code);
}
