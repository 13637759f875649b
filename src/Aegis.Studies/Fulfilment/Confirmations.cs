using System.Text.RegularExpressions;
using Aegis.Kernel.Web.Validation;

namespace Aegis.Studies.Fulfilment;

/// <summary>The findings that a provider takes responsibility for: <c>?confirm=code:id</c>, one for each finding.</summary>
internal sealed partial class Confirmations
{
    private const string Example = $"{Findings.PatientMismatch}:0123456789abcdef0123456789abcdef";

    private static readonly string[] Codes =
        [Findings.PatientMismatch, Findings.PatientUnverifiable, Findings.StudyMismatch, Findings.PixelPhiRisk];

    private readonly HashSet<string> given;

    private Confirmations(HashSet<string> given) => this.given = given;

    /// <summary>At least one finding about the pixels is confirmed. Whether all are is known at the end of the upload.</summary>
    public bool CoverPixels => given.Any(x => x.StartsWith(Findings.PixelPhiRisk, StringComparison.Ordinal));

    public static Confirmations Of(string[]? texts)
    {
        var given = (texts ?? []).ToHashSet(StringComparer.Ordinal);
        if (given.All(IsConfirmation)) return new Confirmations(given);
        throw Invalid.Field(
            "confirm", $"confirm must be the code and id of a finding, for example {Example}. Codes are {string.Join(", ", Codes)}.");
    }

    /// <summary>
    /// A code without an id means that a person looked at the study. That is enough for findings that only a person can decide. It is not
    /// enough for another patient or study, because it would cover any patient or study.
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
