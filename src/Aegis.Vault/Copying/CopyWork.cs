using Aegis.Kernel.Work;

namespace Aegis.Vault.Copying;

/// <summary>
/// Sends the outdated copies of one organization, one after the other. Sending twice does no harm, so a crash leaves only a lease that
/// ends.
/// </summary>
internal sealed class CopyWork(
    VaultDb db, ConnectionStore connections, Versions versions, CredentialSeal seal, N8nProvider n8n, TimeProvider clock)
{
    public static readonly RowLease Lease = new(TimeSpan.FromSeconds(60)); // longer than the longest call to n8n
    private const int Batch = 100;

    public async Task Run(string organizationId, CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        var due = await db.KeptCopies.AsNoTracking()
            .Where(c => c.OrganizationId == organizationId && c.DueAt <= now).Where(Lease.Free<KeptCopy>(c => c.LeaseUntil, now))
            .OrderBy(c => c.DueAt).Take(Batch).Select(c => c.Id).ToListAsync(ct);
        foreach (var id in due)
        {
            db.ChangeTracker.Clear();
            if (!await Send(id, ct)) return; // what stops one copy stops the others of this n8n too
        }
    }

    /// <returns>False when n8n cannot be reached.</returns>
    private async Task<bool> Send(string id, CancellationToken ct)
    {
        if (await db.KeptCopies.FirstOrDefaultAsync(c => c.Id == id, ct) is not { } copy) return true;
        copy.Claim(Lease.Until(clock.GetUtcNow()));
        if (!await Save(ct)) return true; // another host was first, or the value changed again
        var credential = await db.Credentials.AsNoTracking().FirstAsync(c => c.Id == copy.CredentialId, ct);
        ProviderException? failure = null;
        if (credential.IsRetired || credential.CurrentVersion == 0)
        {
            copy.Idle();
        }
        else
        {
            (var filled, failure) = await Try(copy, credential, ct);
            if (failure is null) copy.Sent(credential, filled, clock.GetUtcNow());
            else copy.Fail(credential, failure.Code, failure.Message, failure.Fault is ProviderFault.Misconfigured, clock.GetUtcNow());
        }

        if (!await Save(ct)) await KeepDue(id, ct);
        return failure is null or { Fault: ProviderFault.Misconfigured };
    }

    private async Task<(IReadOnlyList<string> Filled, ProviderException? Failure)> Try(
        KeptCopy copy, Credential credential, CancellationToken ct)
    {
        try
        {
            var value = await versions.Open(credential.Id, credential.CurrentVersion, ct);
            var config = ConfigShape.Join(JsonNode.Parse(copy.Config)!.AsObject(), seal.OpenConfig(copy.Id, copy.SealedConfig));
            var connection = await connections.Open(credential.OrganizationId, N8nAccess.Kind, ct);
            var target = new Target(
                credential.OrganizationId, credential.Id, credential.Name, credential.CredentialType, credential.ProviderCredentialId,
                config, connection);
            return (await n8n.Send(target, value!, ct), null);
        }
        catch (ProviderException e)
        {
            return ([], e);
        }
        catch (CryptographicException e)
        {
            return ([], new ProviderException(
                ProviderFault.Misconfigured, "value_unreadable",
                "A stored value or configuration cannot be decrypted: it was changed, or its key is missing.", e));
        }
    }

    /// <summary>Keeps a copy due whose value changed while it was sent, so that it is sent again.</summary>
    private async Task KeepDue(string id, CancellationToken ct)
    {
        db.ChangeTracker.Clear();
        if (await db.KeptCopies.FirstOrDefaultAsync(c => c.Id == id, ct) is not { } copy) return;
        copy.Ask(clock.GetUtcNow());
        copy.Claim(clock.GetUtcNow());
        await Save(ct);
    }

    private async Task<bool> Save(CancellationToken ct)
    {
        try
        {
            await db.SaveChangesAsync(ct);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            return false;
        }
    }
}
