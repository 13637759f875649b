using System.Text.RegularExpressions;

namespace Aegis.ArchTests;

/// <summary>What the compiler's own style checks do not cover: length of lines, guards, attributes.</summary>
public sealed partial class StyleRules
{
    private const int MaxLine = 140;

    private static readonly string[] Folders = ["src", "tests", "tools"];

    /// <summary>
    /// A literal cannot be broken: lines within a raw one, and those of which one literal is the larger part, may be longer.
    /// </summary>
    [Fact]
    public void Lines_end_at_140()
    {
        var tooLong = new List<string>();
        foreach (var file in Folders.SelectMany(Solution.SourceFiles))
        {
            var isRaw = false;
            foreach (var (line, number) in File.ReadLines(file).Select((l, i) => (l, i + 1)))
            {
                var wasRaw = isRaw;
                if (RawQuotes().Count(line) % 2 == 1) isRaw = !isRaw;
                if (line.Length > MaxLine && !wasRaw && !isRaw && LongestLiteral(line) < line.Length * 0.6)
                    tooLong.Add($"{Solution.Relative(file)}:{number}");
            }
        }

        string.Join('\n', tooLong).Should().BeEmpty();
    }

    [Fact]
    public void A_guard_that_fits_is_one_line()
    {
        var broken = Folders.SelectMany(Solution.SourceFiles).SelectMany(file =>
        {
            var lines = File.ReadAllLines(file);
            return Enumerable.Range(0, Math.Max(0, lines.Length - 2))
                .Where(i => Guard().IsMatch(lines[i]) && Exit().IsMatch(lines[i + 1])
                    && !lines[i + 2].TrimStart().StartsWith("else", StringComparison.Ordinal)
                    && lines[i].Length + 1 + lines[i + 1].Trim().Length <= MaxLine)
                .Select(i => $"{Solution.Relative(file)}:{i + 1}");
        });

        string.Join('\n', broken).Should().BeEmpty();
    }

    [Fact]
    public void An_attribute_has_a_line_to_itself()
    {
        var shared = Folders.SelectMany(Solution.SourceFiles).SelectMany(file =>
        {
            var lines = File.ReadAllLines(file);
            return Enumerable.Range(0, lines.Length - 1)
                .Where(i => AttributeAndDeclaration().IsMatch(lines[i])
                    || (TwoAttributes().IsMatch(lines[i]) && Declaration().IsMatch(lines[i + 1])))
                .Select(i => $"{Solution.Relative(file)}:{i + 1}");
        });

        string.Join('\n', shared).Should().BeEmpty();
    }

    private static int LongestLiteral(string line) =>
        line.IndexOf('"', StringComparison.Ordinal) is >= 0 and var first ? line.LastIndexOf('"') - first : 0;

    [GeneratedRegex("\"\"\"+")]
    private static partial Regex RawQuotes();

    [GeneratedRegex(@"^\s+if \(.*\)$")]
    private static partial Regex Guard();

    [GeneratedRegex(@"^\s+(throw|return|continue|break)\b.*;$")]
    private static partial Regex Exit();

    [GeneratedRegex(@"^\s*\[[A-Z]\w*(\(.*\))?, [A-Z]\w*(\(.*\))?\]$")]
    private static partial Regex TwoAttributes();

    [GeneratedRegex(@"^\s*(\[[A-Z]\w*|(public|internal|private|protected|static|sealed)\s)")]
    private static partial Regex Declaration();

    [GeneratedRegex(@"^\s*\[[A-Z]\w*(\(.*\))?(, [A-Z]\w*(\(.*\))?)*\] (public|internal|private|protected|static|sealed) ")]
    private static partial Regex AttributeAndDeclaration();
}
