namespace Aegis.Auth.People.Users;

/// <summary>A person or an automation of one organization; keys belong to users.</summary>
internal sealed class User : Entity
{
    private User(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>In lower case; nobody else in the installation has it. The id while <see cref="RefusedEmail"/> is set.</summary>
    public string Email { get; private set; } = "";

    /// <summary>
    /// The address that was invited although somebody of another organization has it; null for all others. Whoever invited it sees a user
    /// like any other, so as not to learn who is where, but that user can sign in nowhere.
    /// </summary>
    public string? RefusedEmail { get; private set; }

    /// <summary>The address as its organization sees it.</summary>
    public string Address => RefusedEmail ?? Email;

    public string Name { get; private set; } = "";

    /// <summary><see cref="Roles.Operator"/>, <see cref="Roles.Admin"/> or null.</summary>
    public string? Role { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>As Identity's password hasher makes it; null while the user signs in nowhere.</summary>
    public string? PasswordHash { get; private set; }

    /// <summary>
    /// Wrong passwords of strangers in a row, which are all browsers but the known ones. Each attempt is counted before it is looked at, so
    /// that many at once count one after the other.
    /// </summary>
    public int AccessFailedCount { get; private set; }

    /// <summary>Until when no password of strangers is looked at, or null.</summary>
    public DateTimeOffset? LockoutEnd { get; private set; }

    /// <summary>Since when its keys and sessions do not work, or null.</summary>
    public DateTimeOffset? DisabledAt { get; private set; }

    public static User Create(string id, string organizationId, string email, string name, string? role, DateTimeOffset now)
    {
        RequireRole(role);
        var user =
            new User(id) { OrganizationId = organizationId, Email = email.ToLowerInvariant(), Name = name, Role = role, CreatedAt = now };
        user.Raise(new UserCreated(id, organizationId, [organizationId]));
        return user;
    }

    /// <summary>As <see cref="Create"/>, for an address that somebody of another organization has.</summary>
    public static User CreateRefused(string id, string organizationId, string email, string name, string? role, DateTimeOffset now)
    {
        var user = Create(id, organizationId, id, name, role, now);
        user.RefusedEmail = email.ToLowerInvariant();
        return user;
    }

    /// <summary>Takes the address that was refused, since nobody has it any longer.</summary>
    public void TakeRefusedEmail() => (Email, RefusedEmail) = (Address, null);

    /// <summary>Gives it another name. The same name changes nothing.</summary>
    public void Rename(string name)
    {
        if (Name == name) return;
        Name = name;
        Raise(new UserRenamed(Id, [OrganizationId]));
    }

    /// <summary>
    /// Gives it another role; true when it had another one before. Its keys and sessions then allow what the new role does.
    /// </summary>
    public bool ChangeRole(string? role)
    {
        RequireRole(role);
        if (Role == role) return false;
        Raise(new UserRoleChanged(Id, Role, role, [OrganizationId]));
        Role = role;
        return true;
    }

    /// <summary>Ends its access until it is enabled again; true when it had any.</summary>
    public bool Disable(DateTimeOffset now)
    {
        if (DisabledAt is not null) return false;
        DisabledAt = now;
        Raise(new UserDisabled(Id, [OrganizationId]));
        return true;
    }

    /// <summary>Gives it its access back; true when it had none. Sessions that ended stay ended.</summary>
    public bool Enable()
    {
        if (DisabledAt is null) return false;
        DisabledAt = null;
        Raise(new UserEnabled(Id, [OrganizationId]));
        return true;
    }

    /// <summary>Announces its end; whoever calls removes it.</summary>
    public void Leave() => Raise(new UserRemoved(Id, [OrganizationId]));

    /// <summary>Takes a hash made by Identity. Wrong passwords before it no longer count.</summary>
    public void SetPassword(string hash)
    {
        PasswordHash = hash;
        ForgiveAttempts();
        Raise(new UserPasswordSet(Id, [OrganizationId]));
    }

    /// <summary>Takes the same password in a newer form.</summary>
    public void RehashPassword(string hash) => PasswordHash = hash;

    /// <summary>
    /// Counts a stranger's attempt to sign in before it is looked at; the last one that is allowed locks for a while. False when it is
    /// locked.
    /// </summary>
    public bool TakeAttempt(int max, TimeSpan pause, DateTimeOffset now)
    {
        if (LockoutEnd > now) return false;
        LockoutEnd = null;
        AccessFailedCount++;
        if (AccessFailedCount >= max) (AccessFailedCount, LockoutEnd) = (0, now + pause);
        return true;
    }

    /// <summary>The attempt was wrong.</summary>
    /// <param name="isStranger">False for one of a known browser, which locks nobody out.</param>
    public void FailAttempt(bool isStranger) => Raise(new UserSignInFailed(Id, isStranger ? LockoutEnd : null, [OrganizationId]));

    /// <summary>The attempt was right.</summary>
    public void ForgiveAttempts() => (AccessFailedCount, LockoutEnd) = (0, null);

    private static void RequireRole(string? role)
    {
        if (role is not (null or Roles.Operator or Roles.Admin)) throw new ArgumentException($"'{role}' is no role.", nameof(role));
    }
}

internal sealed class UserMap : IEntityTypeConfiguration<User>
{
    public void Configure(EntityTypeBuilder<User> e)
    {
        e.ToTable("users");
        e.Property(x => x.Email).HasMaxLength(254); // RFC 5321 §4.5.3.1.3
        e.Property(x => x.RefusedEmail).HasMaxLength(254);
        e.Property(x => x.Name).HasMaxLength(200);
        e.Property(x => x.Role).HasMaxLength(40);
        e.Property(x => x.PasswordHash).HasMaxLength(256); // 84 characters as Identity makes it today
        e.HasIndex(x => x.Email).IsUnique();
        e.HasIndex(x => x.OrganizationId);
    }
}
