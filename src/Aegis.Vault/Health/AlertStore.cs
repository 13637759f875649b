using Aegis.Kernel.Identifiers;

namespace Aegis.Vault.Health;

/// <summary>
/// Stores an alert for each problem of a credential and deletes it when the problem is solved. Alerts are computed from the credential in
/// the save that changes it, so no reader sees one without the other.
/// </summary>
internal static class AlertStore
{
    public static async Task Update(VaultDb db, CancellationToken ct)
    {
        foreach (var changed in db.ChangeTracker.Entries<Credential>()
            .Where(e => e.State is EntityState.Added or EntityState.Modified).ToList())
        {
            var credential = changed.Entity;
            var wanted = credential.AlertCauses().ToList();
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

/// <summary>A problem of a credential.</summary>
/// <param name="Type">Which problem it is.</param>
/// <param name="Code">Why, or null.</param>
/// <param name="Since">When it was found. A stored alert keeps its time.</param>
internal sealed record AlertCause(AlertType Type, string? Code, DateTimeOffset Since)
{
    public bool IsSameAs(Alert alert) => (alert.Type, alert.Code) == (Type, Code);
}
