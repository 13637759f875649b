using Aegis.Auth.People.Onboarding;

namespace Aegis.Auth.Persistence;

/// <summary>
/// The database of this module: applications, organizations, partnerships, users, API keys, signing keys, sessions, and the keys that
/// protect cookies.
/// </summary>
internal abstract class AuthDb(DbContextOptions options) : ModuleDb(options, "auth")
{
    public DbSet<Organization> Organizations => Set<Organization>();

    public DbSet<Partnership> Partnerships => Set<Partnership>();

    public DbSet<Application> Applications => Set<Application>();

    public DbSet<Claim> Claims => Set<Claim>();

    public DbSet<MailMessage> MailMessages => Set<MailMessage>();

    public DbSet<User> Users => Set<User>();

    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();

    public DbSet<WrongSecret> WrongSecrets => Set<WrongSecret>();

    public DbSet<SigningKey> SigningKeys => Set<SigningKey>();

    public DbSet<Epoch> Epoch => Set<Epoch>();

    public DbSet<StateChange> StateChanges => Set<StateChange>();

    public DbSet<Node> Nodes => Set<Node>();

    public DbSet<Session> Sessions => Set<Session>();

    public DbSet<RefreshFamily> RefreshFamilies => Set<RefreshFamily>();

    public DbSet<DeviceGrant> DeviceGrants => Set<DeviceGrant>();

    public DbSet<Sighting> Sightings => Set<Sighting>();

    public DbSet<TotpEnrolment> TotpEnrolments => Set<TotpEnrolment>();

    public DbSet<Invitation> Invitations => Set<Invitation>();

    public DbSet<SentInvitation> SentInvitations => Set<SentInvitation>();

    public DbSet<Passkey> Passkeys => Set<Passkey>();

    public DbSet<ExternalIdentity> ExternalIdentities => Set<ExternalIdentity>();

    public DbSet<KnownBrowser> KnownBrowsers => Set<KnownBrowser>();

    public DbSet<ProtectionKey> ProtectionKeys => Set<ProtectionKey>();

    public DbSet<TimingDummy> TimingDummies => Set<TimingDummy>();
}

internal sealed class SqliteAuthDb(DbContextOptions<SqliteAuthDb> options) : AuthDb(options);

internal sealed class SqlServerAuthDb(DbContextOptions<SqlServerAuthDb> options) : AuthDb(options);
