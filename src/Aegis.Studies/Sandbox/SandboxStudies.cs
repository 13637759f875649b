using Aegis.Contracts.Sandbox;
using Aegis.Dicom.Synthetic;

namespace Aegis.Studies.Sandbox;

/// <summary>Writes synthetic studies of invented patients and creates one request to try them. Every machine gets the same files.</summary>
internal sealed class SandboxStudies(StudiesDb db, RequestIntake intake) : ISandboxStudies
{
    private const string Consumer = "cons_456";
    private const string Provider = "prov_123";

    private static readonly (string Folder, SyntheticStudySpec Spec)[] Studies =
    [
        ("doe-jane-ct", SyntheticStudySpec.JaneDoe),
        ("synthetic-one-mr", new() { PatientName = "SYNTHETIC^ONE", PatientId = "SYN-1", BirthDate = "19800101", Modality = "MR",
            BodyPart = "HEAD", InstancesPerSeries = 8, Seed = 1 }),
        ("synthetic-two-ct", new() { PatientName = "SYNTHETIC^TWO", PatientId = "SYN-2", BirthDate = "19900202", InstancesPerSeries = 4,
            ImplicitVr = true, Seed = 2 }),
        ("doe-jane-unnamed-ct",
            SyntheticStudySpec.JaneDoe with { PatientName = "", BirthDate = "", Series = 1, InstancesPerSeries = 4, Seed = 3 }),
    ];

    /// <summary>Writes the folders that do not exist yet. Existing folders stay unchanged, so a later start changes nothing.</summary>
    public async Task<IReadOnlyList<string>> WriteStudies(string folder, CancellationToken ct)
    {
        foreach (var (name, spec) in Studies)
        {
            var finished = Path.Combine(folder, name);
            if (Directory.Exists(finished)) continue;
            var fresh = $"{finished}.new";
            await new SyntheticStudy(spec).WriteFolder(fresh, ct);
            Directory.Move(fresh, finished);
        }

        return [.. Studies.Select(s => s.Folder)];
    }

    public async Task SeedRequest(CancellationToken ct)
    {
        if (await db.Requests.AnyAsync(ct)) return;
        await intake.Create(Consumer, new CreateStudyRequest(Provider, new PatientBody("Doe", "Jane", "03/05/1971"), "AI review"), ct);
    }
}
