namespace Aegis.Kernel.Persistence;

/// <summary>Binds a database to the key ring it was created with.</summary>
public sealed class Installation(KernelDb db, KeyRing ring, SealedBox box, RootSecret root, TimeProvider clock)
{
    /// <summary>Checks the ring against the database, or begins a new installation on an empty database.</summary>
    /// <param name="mayCreateRing">False in Production: there <c>Aegis.Host keys create</c> makes the ring.</param>
    /// <param name="sandbox">True when this start will fill an empty database with sandbox data.</param>
    /// <param name="ct">Stops the check.</param>
    /// <returns>True when the installation began with this start.</returns>
    public async Task<bool> Begin(bool mayCreateRing, bool sandbox, CancellationToken ct)
    {
        if (await db.Installation.AsNoTracking().FirstOrDefaultAsync(x => x.Id == InstallationRow.OnlyId, ct) is { } row)
        {
            Check(row, sandbox);
            root.Take(OpenRoot(row.SealedRoot ?? await KeepFirstRoot(ct)));
            return false;
        }

        if (!ring.Exists)
        {
            if (!mayCreateRing)
                throw new StartRefusedException(
                    "There is no key ring. Make one with 'Aegis.Host keys create' and keep a copy of it apart from the database.");
            ring.Create(clock.GetUtcNow());
        }

        var drawn = RandomNumberGenerator.GetBytes(RootSecret.Size);
        db.Installation.Add(
            new InstallationRow { KeyRingId = ring.Id, Sandbox = sandbox, SealedRoot = SealRoot(drawn), CreatedAt = clock.GetUtcNow() });
        await db.SaveChangesAsync(ct);
        root.Take(drawn);
        return true;
    }

    private void Check(InstallationRow row, bool sandbox)
    {
        if (!ring.Exists)
            throw new StartRefusedException(
                $"The key ring is missing. This database was written with '{row.KeyRingId}': restore that ring.");
        if (ring.Id != row.KeyRingId)
            throw new StartRefusedException(
                $"The key ring is '{ring.Id}', but this database was written with '{row.KeyRingId}': restore that ring.");
        if (row.Sandbox && !sandbox)
            throw new StartRefusedException(
                "This database was made with Sandbox:Enabled and holds test keys. Start with an empty database, or switch the sandbox on "
                    + "again outside Production.");
    }

    /// <summary>Installations that are older than the root derived from the first key of their ring; they keep what they derived.</summary>
    private async Task<byte[]> KeepFirstRoot(CancellationToken ct)
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
                $"The key ring '{ring.Id}' lacks the key '{keyId}', which this database needs: restore that key.");
    }
}
