namespace Aegis.Kernel.Persistence;

/// <summary>Binds a database to the key ring that it was created with.</summary>
public sealed class Installation(KernelDb db, KeyRing ring, SealedBox box, RootSecret root, TimeProvider clock)
{
    /// <summary>Checks the ring against the database, or sets up a new installation in an empty database.</summary>
    /// <param name="mayCreateRing">False in Production, where <c>Aegis.Host keys create</c> creates the ring.</param>
    /// <param name="sandbox">True when this start will fill an empty database with sandbox data.</param>
    /// <param name="ct">Cancels.</param>
    /// <returns>True when this call set up the installation.</returns>
    public async Task<bool> Begin(bool mayCreateRing, bool sandbox, CancellationToken ct)
    {
        if (await db.Installation.AsNoTracking().FirstOrDefaultAsync(x => x.Id == InstallationRow.OnlyId, ct) is { } row)
        {
            Check(row, sandbox);
            root.Set(OpenRoot(row.SealedRoot ?? await SealFirstKeyAsRoot(ct)));
            return false;
        }

        if (!ring.Exists)
        {
            if (!mayCreateRing)
                throw new StartRefusedException(
                    "There is no key ring. Create one with 'Aegis.Host keys create' and keep a copy of it away from the database.");
            ring.Create(clock.GetUtcNow());
        }

        var drawn = RandomNumberGenerator.GetBytes(RootSecret.Size);
        db.Installation.Add(
            new InstallationRow { KeyRingId = ring.Id, Sandbox = sandbox, SealedRoot = SealRoot(drawn), CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(ct);
        root.Set(drawn);
        return true;
    }

    private void Check(InstallationRow row, bool sandbox)
    {
        if (!ring.Exists)
            throw new StartRefusedException(
                $"The key ring is missing. This database was written with '{row.KeyRingId}'. Restore that ring.");
        if (ring.Id != row.KeyRingId)
            throw new StartRefusedException(
                $"The key ring is '{ring.Id}', but this database was written with '{row.KeyRingId}'. Restore that ring.");
        if (row.Sandbox && !sandbox)
            throw new StartRefusedException(
                "This database was created with Sandbox:Enabled and contains test keys. Start with an empty database, or set "
                    + "Sandbox:Enabled again outside Production.");
    }

    /// <summary>
    /// Seals the first key of the ring as the root secret. Installations from before the root secret derived their values from that key,
    /// and these must stay the same.
    /// </summary>
    private async Task<byte[]> SealFirstKeyAsRoot(CancellationToken ct)
    {
        var sealedRoot = SealRoot(ring.Keys[0].Bytes);
        await db.InTransaction(
            () => db.Installation.Where(x => x.SealedRoot == null)
                .ExecuteUpdateAsync(set => set.SetProperty(x => x.SealedRoot, sealedRoot), ct), ct);
        return sealedRoot;
    }

    private byte[] SealRoot(byte[] secret) => box.Seal(secret, InstallationRow.Root(InstallationRow.OnlyId));

    private byte[] OpenRoot(byte[] sealedRoot)
    {
        var keyId = SealedBox.KeyIdOf(sealedRoot);
        return ring.Has(keyId)
            ? box.Open(sealedRoot, InstallationRow.Root(InstallationRow.OnlyId))
            : throw new StartRefusedException(
                $"The key ring '{ring.Id}' lacks the key '{keyId}', which this database needs. Restore that key.");
    }
}
