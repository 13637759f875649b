namespace Aegis.ArchTests;

/// <summary>Rule 7: small files with honest names.</summary>
public sealed class FileRules
{
    private static readonly string[] Vague = ["Helper", "Util", "Common", "Manager", "Misc"];

    [Theory]
    [InlineData("src", 300)]
    [InlineData("tests", 400)]
    [InlineData("tools", 300)]
    public void No_file_is_longer_than_its_wall(string folder, int wall)
    {
        var tooLong = Solution.SourceFiles(folder)
            .Select(f => (File: Solution.Relative(f), Lines: File.ReadLines(f).Count()))
            .Where(f => f.Lines > wall);

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

    [Fact]
    public void No_failure_is_swallowed()
    {
        var silent = Solution.SourceFiles("src")
            .Where(f => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(f), @"catch\s*(\([^)]*\))?\s*\{\s*\}"))
            .Select(Solution.Relative);

        silent.Should().BeEmpty();
    }
}
