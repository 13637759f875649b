namespace Aegis.Contracts.Sandbox;

/// <summary>Creates the sandbox's synthetic studies and its pending request. Never called in Production.</summary>
public interface ISandboxStudies
{
    /// <summary>Writes the DICOM Part 10 files into the folder. Returns one relative folder per study, DOE^JANE's first.</summary>
    Task<IReadOnlyList<string>> WriteStudies(string folder, CancellationToken ct);

    /// <summary>Adds one pending request of cons_456 to prov_123.</summary>
    Task SeedRequest(CancellationToken ct);
}
