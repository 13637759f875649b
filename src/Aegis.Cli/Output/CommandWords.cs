using System.Text.RegularExpressions;

namespace Aegis.Cli.Output;

/// <summary>The host's advice is written for callers of the HTTP API. Where it names a parameter or address that a command has, the command is named.</summary>
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
