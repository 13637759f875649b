namespace Aegis.ArchTests;

/// <summary>Rule 7: small files with honest names.</summary>
public sealed class FileRules
{
    private static readonly string[] Vague = ["Helper", "Util", "Common", "Manager", "Misc"];

    /// <summary>What an invariant of one row needs is read in one file, so the file of an entity may be longer.</summary>
    private const int EntityWall = 450;

    [Theory]
    [InlineData("src", 300)]
    [InlineData("tests", 400)]
    [InlineData("tools", 300)]
    public void No_file_is_longer_than_its_wall(string folder, int wall)
    {
        var tooLong = Solution.SourceFiles(folder)
            .Select(f => (File: Solution.Relative(f), Lines: File.ReadAllLines(f)))
            .Where(f => f.Lines.Length > (f.Lines.Any(l => l.EndsWith(" : Entity", StringComparison.Ordinal)) ? EntityWall : wall))
            .Select(f => f.File);

        tooLong.Should().BeEmpty();
    }

    [Fact]
    public void Nothing_has_a_vague_name()
    {
        var vague = new[] { "src", "tests", "tools" }
            .SelectMany(Solution.SourceFiles)
            .Select(Solution.Relative)
            .Where(f => Vague.Any(v => f.Split('/').Any(s => s.Contains(v, StringComparison.OrdinalIgnoreCase))));

        vague.Should().BeEmpty();
    }

    /// <summary>Files below which outbound addresses are made and that encode without it, and why.</summary>
    private static readonly Dictionary<string, string> Encoders = new()
    {
        ["src/Aegis.Kernel/Outbound/PathSegment.cs"] = "the one place for segments of a path",
        ["src/Aegis.Vault/Providers/Api/CallTemplate.cs"] = "forms",
        ["src/Aegis.Vault/Providers/Database/DatabaseSettings.cs"] = "the value that users get, which nothing is called by",
        ["src/Aegis.Vault/Providers/N8n/N8nClient.cs"] = "a cursor in a query",
        ["src/Aegis.Vault/Providers/OAuth/OAuthProvider.cs"] = "forms",
    };

    [Fact]
    public void Segments_of_outbound_addresses_are_encoded_in_one_place()
    {
        var encoding = new[] { "src/Aegis.Kernel/Outbound", "src/Aegis.Vault/Providers", "src/Aegis.Vault/Applying", "src/Aegis.Vault/Sync",
            "src/Aegis.Webhooks" }
            .SelectMany(Solution.SourceFiles)
            .Where(f => File.ReadAllText(f).Contains("EscapeDataString", StringComparison.Ordinal))
            .Select(Solution.Relative);

        encoding.Should().BeEquivalentTo(Encoders.Keys);
    }

    [Fact]
    public void No_failure_is_swallowed()
    {
        var silent = Solution.SourceFiles("src")
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(f), @"catch\s*(\([^)]*\))?\s*\{\s*\}"))
            .Select(Solution.Relative);

        silent.Should().BeEmpty();
    }

    /// <summary>MVC runs validators synchronously: one async rule would make every call a 500.</summary>
    [Fact]
    public void No_validator_has_an_async_rule()
    {
        var asynchronous = Solution.SourceFiles("src")
            .Where(f => System.Text.RegularExpressions.Regex
                .IsMatch(File.ReadAllText(f), @"\.(MustAsync|CustomAsync|WhenAsync|UnlessAsync|SetAsyncValidator)\("))
            .Select(Solution.Relative);

        asynchronous.Should().BeEmpty();
    }

    [Fact]
    public void Every_package_that_is_pinned_is_referenced()
    {
        string[] Included(string file, string element) =>
            [.. System.Xml.Linq.XDocument.Load(file).Descendants(element).Select(r => r.Attribute("Include")!.Value)];
        var referenced = Directory.GetFiles(Solution.Folder, "*.csproj", SearchOption.AllDirectories)
            .SelectMany(p => Included(p, "PackageReference"))
            .Concat(Included(Path.Combine(Solution.Folder, "Directory.Build.props"), "PackageReference"))
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        Included(Path.Combine(Solution.Folder, "Directory.Packages.props"), "PackageVersion").Where(p => !referenced.Contains(p))
            .Should().BeEmpty();
    }
}
