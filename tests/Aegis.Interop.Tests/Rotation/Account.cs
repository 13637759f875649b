namespace Aegis.Interop.Tests.Rotation;

/// <summary>Who sets the password of whom.</summary>
public enum Users
{
    /// <summary>One user, whose password an admin sets.</summary>
    WithAdmin,

    /// <summary>One user that changes its own password.</summary>
    Alone,

    /// <summary>Two users that take turns.</summary>
    Twins,
}

/// <summary>What is done to a credential.</summary>
public enum Act { Rotate, Emergency, Rollback }

/// <summary>A credential, and what has to be true of it.</summary>
public sealed class Account(string name, Users users)
{
    public string Name => name;

    public Users Users => users;

    public string Id { get; set; } = "";

    /// <summary>The version in use.</summary>
    public int Version { get; set; } = 1;

    /// <summary>The one that was in use before.</summary>
    public int Before { get; set; }

    public int Highest { get; set; } = 1;

    /// <summary>Rotations that were seen so far, and how many of them came to a new version.</summary>
    public HashSet<string> Seen { get; } = [];

    public int Rotated { get; set; }

    public int RolledBack { get; set; }

    public IEnumerable<string> Logins => users is Users.Twins ? [$"{name}_a", $"{name}_b"] : [name];
}
