using System.Text.RegularExpressions;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Studies.Fulfilment;

/// <summary>The findings that a provider takes responsibility for: <c>?confirm=code:id</c>, each for one finding.</summary>
internal sealed partial class Confirmations
{
    private const string Example = $"{Findings.PatientMismatch}:0123456789abcdef0123456789abcdef";

    private static readonly string[] Codes =
        [Findings.PatientMismatch, Findings.PatientUnverifiable, Findings.StudyMismatch, Findings.PixelPhiRisk];

    private readonly HashSet<string> given;

    private Confirmations(HashSet<string> given) => this.given = given;

    /// <summary>Something about the pixels is confirmed; whether it is all of it, is known at the end of the upload.</summary>
    public bool CoverPixels => given.Any(x => x.StartsWith(Findings.PixelPhiRisk, StringComparison.Ordinal));

    public static Confirmations Of(string[]? texts)
    {
        var given = (texts ?? []).ToHashSet(StringComparer.Ordinal);
        if (given.All(IsConfirmation)) return new Confirmations(given);
        throw Invalid.Field("confirm", $"confirm must be code and id of a finding, as in {Example}. Codes are {string.Join(", ", Codes)}.");
    }

    /// <summary>
    /// A code without an id says that somebody looked at the study, which answers what cannot be decided otherwise. Of another patient
    /// or study it says nothing: it would cover whichever comes.
    /// </summary>
    public bool Covers(Finding finding) => given.Contains(finding.Confirmation)
        || (finding.Code is Findings.PixelPhiRisk or Findings.PatientUnverifiable && given.Contains(finding.Code));

    private static bool IsConfirmation(string text)
    {
        var parts = text.Split(':', 2);
        return Codes.Contains(parts[0]) && (parts.Length == 1 || Id().IsMatch(parts[1]));
    }

    [GeneratedRegex("^[0-9a-f]{32}\\z")]
    private static partial Regex Id();
}
