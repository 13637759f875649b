using System.Text.RegularExpressions;

namespace Aegis.ArchTests;

/// <summary>Plain English: phrases that readers had to guess are gone from comments, messages, names of tests and documents.</summary>
public sealed partial class WordRules
{
    /// <summary>Decisions and the change log say what was at their time; this file names the phrases.</summary>
    private static readonly string[] Past = ["docs/decisions/", "CHANGELOG.md", "tests/Aegis.ArchTests/WordRules.cs"];

    [Fact]
    public void No_phrase_that_was_given_up_is_left()
    {
        var files = new[] { "src", "tests", "tools" }.SelectMany(Solution.SourceFiles)
            .Concat(Directory.EnumerateFiles(Solution.Folder, "*.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Solution.Folder, "docs"), "*.md"))
            .Concat(Directory.EnumerateFiles(Path.Combine(Solution.Folder, "src"), "*.cshtml", SearchOption.AllDirectories));

        var left = files.Where(f => !Past.Any(p => Solution.Relative(f).StartsWith(p, StringComparison.Ordinal)))
            .SelectMany(f => File.ReadLines(f).Select((line, i) => (Line: line, At: $"{Solution.Relative(f)}:{i + 1}")))
            .SelectMany(l => Phrases().Matches(l.Line.Replace('_', ' ')).Select(m => $"{l.At} {m.Value}"));

        string.Join('\n', left).Should().BeEmpty();
    }

    [Fact]
    public void The_name_of_a_test_has_at_most_100_characters()
    {
        var tooLong = Solution.SourceFiles("tests")
            .SelectMany(f => File.ReadLines(f).Select(l => Test().Match(l)).Where(m => m.Success).Select(m => m.Groups["name"].Value))
            .Where(n => n.Length > 100);

        string.Join('\n', tooLong).Should().BeEmpty();
    }

    /// <summary>Stand-ins and the runner before Hangfire are gone.</summary>
    [Fact]
    public void Nothing_that_was_replaced_is_left()
    {
        var left = Directory.EnumerateFiles(Solution.Folder, "*.*proj", SearchOption.AllDirectories)
            .Concat(new[] { "src", "tests", "tools" }.SelectMany(Solution.SourceFiles))
            .Where(f => !Past.Contains(Solution.Relative(f)))
            .Where(f => Replaced().IsMatch(File.ReadAllText(f)))
            .Select(Solution.Relative);

        string.Join('\n', left).Should().BeEmpty();
    }

    [GeneratedRegex(
        @"\b(by (it|them)self|by themselves|the own [a-z]+|that (is|are) none|no more(?=[.,;:)])|stands? in\b"
        + @"|[Ww]hoever|of (its|their|his) own(?= [a-z]|[.,;)])|anew|is let in|let in\b|makes no more of it|by turns|beside(?! nginx)|to whom it concerns)\b")]
    private static partial Regex Phrases();

    [GeneratedRegex(@"public (async Task|void|Task) (?<name>[A-Z][a-z]*_\w+)\(")]
    private static partial Regex Test();

    [GeneratedRegex(@"AegisStandIns|using Quartz")]
    private static partial Regex Replaced();
}
