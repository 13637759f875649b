using Aegis.Cli.Running;
using Aegis.Sdk.Failures;

namespace Aegis.Cli.Output;

/// <summary>Says why a command failed.</summary>
internal static class Refusal
{
    public static void Say(Surroundings around, Exception failure)
    {
        var to = around.Error;
        switch (failure)
        {
            case AegisException refusal:
                to.WriteLine($"✗ {CommandWords.Of(refusal.Detail ?? refusal.Title ?? "The call was refused.")}");
                foreach (var (member, sentences) in refusal.Errors) to.WriteLine($"  {member}: {CommandWords.Of(string.Join(' ', sentences))}");
                to.WriteLine($"  {refusal.Code} ({(int)refusal.Status}){(refusal.TraceId is { } trace ? $", trace {trace}" : "")}");
                if (refusal.RetryAfter is { } wait) to.WriteLine($"  Repeat it in {Math.Ceiling(wait.TotalSeconds)} s.");
                break;
            case OperationCanceledException:
                to.WriteLine("✗ Interrupted.");
                break;
            default:
                to.WriteLine($"✗ {failure.Message}");
                break;
        }
    }
}
