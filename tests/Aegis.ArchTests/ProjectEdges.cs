using System.Xml.Linq;

namespace Aegis.ArchTests;

/// <summary>Rule 1: project references equal the edges of the architecture.</summary>
public sealed class ProjectEdges
{
    private static readonly Dictionary<string, string[]> Edges = new()
    {
        ["Aegis.Kernel"] = [],
        ["Aegis.Dicom"] = [],
        ["Aegis.Contracts"] = ["Aegis.Kernel"],
        ["Aegis.Auth"] = ["Aegis.Contracts", "Aegis.Kernel"],
        ["Aegis.Studies"] = ["Aegis.Contracts", "Aegis.Dicom", "Aegis.Kernel"],
        ["Aegis.Vault"] = ["Aegis.Contracts", "Aegis.Kernel"],
        ["Aegis.Webhooks"] = ["Aegis.Contracts", "Aegis.Kernel"],
        ["Aegis.Audit"] = ["Aegis.Contracts", "Aegis.Kernel"],
        ["Aegis.Sdk"] = [],
        ["Aegis.Cli"] = ["Aegis.Sdk"],
        ["Aegis.Host"] = ["Aegis.Audit", "Aegis.Auth", "Aegis.Contracts", "Aegis.Dicom", "Aegis.Kernel", "Aegis.Studies", "Aegis.Vault",
            "Aegis.Webhooks"],
    };

    [Fact]
    public void Every_project_under_src_references_what_the_architecture_allows_and_nothing_else()
    {
        var found = Directory.GetFiles(Path.Combine(Solution.Folder, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(p => Path.GetFileNameWithoutExtension(p)!, References);

        found.Keys.Should().BeEquivalentTo(Edges.Keys);
        foreach (var (project, references) in found)
            references.Should().BeEquivalentTo(Edges[project], "these are the edges of {0}", project);
    }

    private static string[] References(string project) => XDocument.Load(project)
        .Descendants("ProjectReference")
        .Select(r => r.Attribute("Include")!.Value)
        .Select(path => Path.GetFileNameWithoutExtension(path.Replace('\\', '/')))
        .Order(StringComparer.Ordinal)
        .ToArray();
}
