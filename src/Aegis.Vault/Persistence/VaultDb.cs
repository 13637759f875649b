namespace Aegis.Vault.Persistence;

/// <summary>Credentials, their versions and uses, rotations, alerts, connections, and the last seen list of n8n's credentials.</summary>
internal abstract class VaultDb(DbContextOptions options) : ModuleDb(options, "vault")
{
    public DbSet<Credential> Credentials => Set<Credential>();

    public DbSet<CredentialVersion> Versions => Set<CredentialVersion>();

    public DbSet<CredentialTotal> Totals => Set<CredentialTotal>();

    public DbSet<CredentialUse> Uses => Set<CredentialUse>();

    public DbSet<CredentialUseTotal> UseTotals => Set<CredentialUseTotal>();

    public DbSet<RotationRun> Rotations => Set<RotationRun>();

    public DbSet<Alert> Alerts => Set<Alert>();

    public DbSet<Connection> Connections => Set<Connection>();

    public DbSet<KeptCopy> KeptCopies => Set<KeptCopy>();

    public DbSet<N8nCopy> N8nCopies => Set<N8nCopy>();

    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        await AlertStore.Update(this, cancellationToken);
        return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
    }
}

internal sealed class SqliteVaultDb(DbContextOptions<SqliteVaultDb> options) : VaultDb(options);

internal sealed class SqlServerVaultDb(DbContextOptions<SqlServerVaultDb> options) : VaultDb(options);
