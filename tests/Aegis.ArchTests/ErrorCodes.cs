using System.Reflection;
using System.Text.RegularExpressions;

namespace Aegis.ArchTests;

/// <summary>Every code that a caller can meet has a line in docs/errors.md and a test that meets it.</summary>
public sealed partial class ErrorCodes
{
    [Fact]
    public void Every_code_in_the_source_has_a_line_in_the_documentation()
    {
        var documented = Documented();

        InSource().Except(documented).Should().BeEmpty("they are refused with and not explained");
        documented.Except(InSource()).Should().BeEmpty("they are explained and never used");
    }

    [Fact]
    public void Every_code_is_met_by_a_test()
    {
        var tests = string.Join('\n',
            Solution.SourceFiles("tests").Where(f => !f.EndsWith("ErrorCodes.cs", StringComparison.Ordinal)).Select(File.ReadAllText));
        var names = typeof(Aegis.Dicom.DicomErrors).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .ToDictionary(f => (string)f.GetRawConstantValue()!, f => $"DicomErrors.{f.Name}");

        var unmet = InSource().Where(code =>
            !Regex.IsMatch(tests, $@"\\?""{code}\\?""")
            && !(names.TryGetValue(code, out var name) && tests.Contains(name, StringComparison.Ordinal)));

        unmet.Should().BeEmpty();
    }

    private static HashSet<string> InSource()
    {
        var codes = Solution.SourceFiles("src").SelectMany(f => Refused().Matches(File.ReadAllText(f)))
            .Select(m => m.Groups["code"].Value)
            .Concat(typeof(Aegis.Dicom.DicomErrors).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
                .Where(f => f.IsLiteral).Select(f => (string)f.GetRawConstantValue()!));
        return codes.Where(c => c != "stable_code").ToHashSet(); // the example in Refuse's own documentation
    }

    private static HashSet<string> Documented() =>
        Row().Matches(File.ReadAllText(Path.Combine(Solution.Folder, "docs", "errors.md"))).Select(m => m.Groups[1].Value).ToHashSet();

    // A code is followed by the sentence that it is refused with. Members of configurations have a sentence too.
    [GeneratedRegex(
        @"(?<!Field\()(?<!AddMember\()""(?<code>unauthenticated|[a-z][a-z0-9]*(?:_[a-z0-9]+)+)"",\s*(?:\$?""['A-Z]|CommitConflict|description\))|const string (?:Code|PatientMismatch|PatientUnverifiable|StudyMismatch|PixelPhiRisk|RotationNotConfigured) = ""(?<code>[a-z_]+)""")]
    private static partial Regex Refused();

    [GeneratedRegex(@"^\| `([a-z0-9_]+)` \|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
