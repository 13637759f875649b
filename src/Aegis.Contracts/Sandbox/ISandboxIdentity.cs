namespace Aegis.Contracts.Sandbox;

/// <summary>Fills an empty database with the sandbox's organizations, users, partnership and keys. Never called in Production.</summary>
public interface ISandboxIdentity
{
    /// <summary>
    /// Adds the missing ones of prov_123, cons_456 (with an active partnership), cons_789 (without), org_platform, and one user each.
    /// </summary>
    Task Seed(CancellationToken ct);

    /// <summary>
    /// Revokes earlier sandbox keys and issues new ones. Returns them by role: provider, consumer, outsider, operator, admin.
    /// </summary>
    Task<IReadOnlyDictionary<string, string>> IssueKeys(CancellationToken ct);

    /// <summary>Sets new passwords for the sandbox's users and returns them once.</summary>
    Task<IReadOnlyList<SandboxUser>> IssuePasswords(CancellationToken ct);
}

/// <summary>One user of the sandbox.</summary>
/// <param name="Organization">The user's organization.</param>
/// <param name="Email">The address for sign-in.</param>
/// <param name="Password">Generated for this sandbox; null in a file of an earlier version.</param>
/// <param name="TotpSecret">Null, because no authenticator is enrolled yet.</param>
/// <param name="Role"><c>aegis:operator</c> or <c>aegis:admin</c>.</param>
public sealed record SandboxUser(string Organization, string Email, string? Password, string? TotpSecret, string? Role)
{
    public override string ToString() => $"{Email} ***";
}
