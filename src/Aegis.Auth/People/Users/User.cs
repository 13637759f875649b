namespace Aegis.Auth.People.Users;

/// <summary>A person or a program of one organization. Each API key belongs to a user.</summary>
internal sealed class User : Entity
{
    private User(string id)
        : base(id)
    {
    }

    public string OrganizationId { get; private set; } = "";

    /// <summary>In lower case, and unique in the installation. Equal to the id while <see cref="RefusedEmail"/> is set.</summary>
    public string Email { get; private set; } = "";

    /// <summary>
    /// The invited address, when a user of another organization already has it; otherwise null. The inviting organization sees an ordinary
    /// user, so that it does not learn who has an account in another organization. That user cannot sign in.
    /// </summary>
    public string? RefusedEmail { get; private set; }

    /// <summary>The address as its organization sees it.</summary>
    public string Address => RefusedEmail ?? Email;

    public string Name { get; private set; } = "";

    /// <summary><see cref="Roles.Operator"/>, <see cref="Roles.Admin"/> or null.</summary>
    public string? Role { get; private set; }

    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>In the format of Identity's password hasher; null while the user has no password.</summary>
    public string? PasswordHash { get; private set; }

    /// <summary>
    /// Consecutive wrong passwords of strangers, that is, of browsers that are not known for this user. Each attempt is counted before the
    /// password is checked, so that many attempts at the same time cannot pass the limit.
    /// </summary>
    public int AccessFailedCount { get; private set; }

    /// <summary>Until then no password of a stranger is checked; null when the user is not locked.</summary>
    public DateTimeOffset? LockoutEnd { get; private set; }

    /// <summary>When the user was disabled, or null. The keys and sessions of a disabled user do not work.</summary>
    public DateTimeOffset? DisabledAt { get; private set; }

    public static User Create(string id, string organizationId, string email, string name, string? role, DateTimeOffset now)
    {
        RequireRole(role);
        var user =
            new User(id) { OrganizationId = organizationId, Email = email.ToLowerInvariant(), Name = name, Role = role, CreatedAt = now };
        user.Raise(new UserCreated(id, organizationId, [organizationId]));
        return user;
    }

    /// <summary>Like <see cref="Create"/>, for an address that a user of another organization already has.</summary>
    public static User CreateRefused(string id, string organizationId, string email, string name, string? role, DateTimeOffset now)
    {
        var user = Create(id, organizationId, id, name, role, now);
        user.RefusedEmail = email.ToLowerInvariant();
        return user;
    }

    /// <summary>Gives the user the address that was refused, because no other user has it any more.</summary>
    public void TakeRefusedEmail() => (Email, RefusedEmail) = (Address, null);

    /// <summary>Changes the name. The same name changes nothing.</summary>
    public void Rename(string name)
    {
        if (Name == name) return;
        Name = name;
        Raise(new UserRenamed(Id, [OrganizationId]));
    }

    /// <summary>
    /// Changes the role; false when the user has this role already. The user's keys and sessions then allow at most what the new role
    /// allows.
    /// </summary>
    public bool ChangeRole(string? role)
    {
        RequireRole(role);
        if (Role == role) return false;
        Raise(new UserRoleChanged(Id, Role, role, [OrganizationId]));
        Role = role;
        return true;
    }

    /// <summary>Ends the user's access until the user is enabled again; false when the user is already disabled.</summary>
    public bool Disable(DateTimeOffset now)
    {
        if (DisabledAt is not null) return false;
        DisabledAt = now;
        Raise(new UserDisabled(Id, [OrganizationId]));
        return true;
    }

    /// <summary>Restores the user's access; false when the user is not disabled. Sessions that ended stay ended.</summary>
    public bool Enable()
    {
        if (DisabledAt is null) return false;
        DisabledAt = null;
        Raise(new UserEnabled(Id, [OrganizationId]));
        return true;
    }

    /// <summary>Raises the event of the removal; the caller removes the row.</summary>
    public void RaiseRemoved() => Raise(new UserRemoved(Id, [OrganizationId]));

    /// <summary>Sets a hash made by Identity, and forgets earlier wrong passwords.</summary>
    public void SetPassword(string hash)
    {
        PasswordHash = hash;
        ForgiveAttempts();
        Raise(new UserPasswordSet(Id, [OrganizationId]));
    }

    /// <summary>Sets the same password's hash with newer settings.</summary>
    public void RehashPassword(string hash) => PasswordHash = hash;

    /// <summary>
    /// Counts a stranger's attempt to sign in before the password is checked. The last allowed attempt locks the user for strangers for a
    /// while. False when the user is locked.
    /// </summary>
    public bool TakeAttempt(int max, TimeSpan pause, DateTimeOffset now)
    {
        if (LockoutEnd > now) return false;
        LockoutEnd = null;
        AccessFailedCount++;
        if (AccessFailedCount >= max) (AccessFailedCount, LockoutEnd) = (0, now + pause);
        return true;
    }

    /// <summary>The password was wrong.</summary>
    /// <param name="isStranger">False for an attempt from a known browser, which never locks the user.</param>
    public void FailAttempt(bool isStranger) => Raise(new UserSignInFailed(Id, isStranger ? LockoutEnd : null, [OrganizationId]));

    /// <summary>The password was correct.</summary>
    public void ForgiveAttempts() => (AccessFailedCount, LockoutEnd) = (0, null);

    private static void RequireRole(string? role)
    {
        if (role is not (null or Roles.Operator or Roles.Admin)) throw new ArgumentException($"'{role}' is not a role.", nameof(role));
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
