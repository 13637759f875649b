using System.Text.RegularExpressions;

namespace Aegis.Cli.Output;

/// <summary>Writes why a command failed.</summary>
internal static class Refusal
{
    public static void Say(CommandEnvironment around, Exception failure)
    {
        var to = around.Error;
        switch (failure)
        {
            case AegisException refusal:
                if (refusal.Findings is { Count: > 0 } findings) SayFindings(to, findings);
                else to.WriteLine($"✗ {CommandWords.Of(refusal.Detail ?? refusal.Title ?? "The call was refused.")}");
                foreach (var (member, sentences) in refusal.Errors) to.WriteLine(
                    $"  {member}: {CommandWords.Of(string.Join(' ', sentences))}");
                to.WriteLine($"  {refusal.Code} ({(int)refusal.Status}){(refusal.TraceId is { } trace ? $", trace {trace}" : "")}");
                if (refusal.RetryAfter is { } wait) to.WriteLine($"  Try again in {Math.Ceiling(wait.TotalSeconds)} s.");
                break;
            case OperationCanceledException:
                to.WriteLine("✗ Interrupted.");
                break;
            default:
                to.WriteLine($"✗ {failure.Message}");
                break;
        }
    }

    private static void SayFindings(TextWriter to, IReadOnlyList<StudyFinding> findings)
    {
        to.WriteLine("✗ The study was not sent. Check it first:");
        foreach (var finding in findings)
            to.WriteLine($"  {Words(finding)} ({finding.Instances} {(finding.Instances == 1 ? "instance" : "instances")})");
        to.WriteLine("  If you are certain that the study may be sent, run the command again with:");
        foreach (var finding in findings) to.WriteLine($"    --confirm {finding.Confirmation}");
    }

    private static string Words(StudyFinding finding) => finding.Code switch
    {
        "patient_mismatch" => $"It is not a study of the requested patient: {Differ(finding)}.",
        "patient_unverifiable" => $"The patient cannot be verified: name or birth date is {finding.Reason}.",
        "study_mismatch" => $"It is not the requested study: {Differ(finding)}.",
        "pixel_phi_risk" => $"The pictures may identify the patient: {finding.Reason.Replace('_', ' ')}.",
        _ => $"{finding.Code}: {finding.Reason}",
    };

    private static string Differ(StudyFinding finding)
    {
        var words = string.Join(" and ", finding.Differs.Select(w => w.Replace('_', ' ')));
        return $"the {words} {(finding.Differs.Count == 1 ? "differs" : "differ")}";
    }
}

/// <summary>
/// The host writes its advice for callers of the HTTP API. This replaces parameters and addresses in it by the matching command or
/// option.
/// </summary>
internal static partial class CommandWords
{
    public static string Of(string sentence)
    {
        sentence = Confirm().Replace(sentence, "--confirm $1");
        return SetValue().Replace(sentence, "aegis credentials set-value NAME");
    }

    [GeneratedRegex(@"\?confirm=([a-z_]+(?::[A-Za-z0-9_-]+)?)")]
    private static partial Regex Confirm();

    [GeneratedRegex(@"PUT (?:…|/v1/credentials/[^\s/]+)/value")]
    private static partial Regex SetValue();
}
