namespace Aegis.Contracts.Sandbox;

/// <summary>Fills an empty database with the sandbox's organizations, users, partnership and keys. Never called in Production.</summary>
public interface ISandboxIdentity
{
    /// <summary>Adds what is missing: prov_123, cons_456 (active partnership), cons_789 (none), org_platform, one user each.</summary>
    Task Seed(CancellationToken ct);

    /// <summary>Revokes earlier sandbox keys and issues new ones, by role name: provider, consumer, outsider, operator, admin.</summary>
    Task<IReadOnlyDictionary<string, string>> IssueKeys(CancellationToken ct);

    /// <summary>The sandbox's users, without anything secret that is not built yet.</summary>
    Task<IReadOnlyList<SandboxUser>> Users(CancellationToken ct);
}

/// <summary>One user of the sandbox.</summary>
public sealed record SandboxUser(string Organization, string Email, string? Role);
