namespace Aegis.Interop.Tests.Rotation;

/// <summary>The users of an account and who sets their passwords.</summary>
public enum Users
{
    /// <summary>One user, whose password an admin sets.</summary>
    WithAdmin,

    /// <summary>One user that changes its own password.</summary>
    Alone,

    /// <summary>Two users that rotation alternates between.</summary>
    Twins,
}

/// <summary>An action on a credential.</summary>
public enum Act { Rotate, Emergency, Rollback }

/// <summary>A credential and its expected state.</summary>
public sealed class Account(string name, Users users)
{
    public string Name => name;

    public Users Users => users;

    public string Id { get; set; } = "";

    /// <summary>The version in use.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The version that was in use before.</summary>
    public int Before { get; set; }

    public int Highest { get; set; } = 1;

    /// <summary>The rotations seen so far. <see cref="Rotated"/> and <see cref="RolledBack"/> count those that succeeded.</summary>
    public HashSet<string> Seen { get; } = [];

    public int Rotated { get; set; }

    public int RolledBack { get; set; }

    public IEnumerable<string> Logins => users is Users.Twins ? [$"{name}_a", $"{name}_b"] : [name];
}
