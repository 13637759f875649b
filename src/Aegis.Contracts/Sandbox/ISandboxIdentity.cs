namespace Aegis.Contracts.Sandbox;

/// <summary>Fills an empty database with the sandbox's organizations, users, partnership and keys. Never called in Production.</summary>
public interface ISandboxIdentity
{
    /// <summary>Adds what is missing: prov_123, cons_456 (active partnership), cons_789 (none), org_platform, one user each.</summary>
    Task Seed(CancellationToken ct);

    /// <summary>Revokes earlier sandbox keys and issues new ones, by role name: provider, consumer, outsider, operator, admin.</summary>
    Task<IReadOnlyDictionary<string, string>> IssueKeys(CancellationToken ct);

    /// <summary>Gives the sandbox's users new passwords and shows them, once.</summary>
    Task<IReadOnlyList<SandboxUser>> IssuePasswords(CancellationToken ct);
}

/// <summary>One user of the sandbox.</summary>
/// <param name="Organization">Whose member it is.</param>
/// <param name="Email">What it signs in with.</param>
/// <param name="Password">Drawn for this sandbox; null in a file of an earlier version.</param>
/// <param name="TotpSecret">Null: nobody has enrolled an authenticator yet.</param>
/// <param name="Role"><c>aegis:operator</c> or <c>aegis:admin</c>.</param>
public sealed record SandboxUser(string Organization, string Email, string? Password, string? TotpSecret, string? Role)
{
    public override string ToString() => $"{Email} ***";
}
