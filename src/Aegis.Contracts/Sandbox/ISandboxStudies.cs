namespace Aegis.Contracts.Sandbox;

/// <summary>Makes the sandbox's synthetic studies and its one pending request. Never called in Production.</summary>
public interface ISandboxStudies
{
    /// <summary>Writes the Part 10 files below the folder; returns one relative folder for each study, DOE^JANE's first.</summary>
    Task<IReadOnlyList<string>> WriteStudies(string folder, CancellationToken ct);

    /// <summary>Adds one pending request of cons_456 to prov_123.</summary>
    Task SeedRequest(CancellationToken ct);
}
