using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.Api;

/// <summary>The texts for the placeholders of one call. It contains secrets: <c>ToString</c> gives three stars.</summary>
internal sealed record Filling(string? Value, string? Current, string? Handle, string? Mark, string Name, string? Id)
{
    public override string ToString() => "***";
}

/// <summary>
/// A text with placeholders such as <c>{{value}}</c>. The escaping depends on the position of the text, so the caller supplies it.
/// </summary>
internal static partial class Template
{
    public static readonly IReadOnlyList<string> Names = ["value", "current", "handle", "mark", "name", "id"];

    /// <summary>The placeholders in a text, known or not.</summary>
    public static IEnumerable<string> In(string text) => Placeholder().Matches(text).Select(m => m.Groups[1].Value);

    /// <summary>The text with each placeholder replaced by the same text, to check the text around them.</summary>
    public static string Blank(string text, string by) => Placeholder().Replace(text, _ => by);

    /// <exception cref="ProviderException">A placeholder has no text.</exception>
    public static string Fill(string text, Filling filling, Func<string, string> escape)
    {
        var filled = new StringBuilder();
        var at = 0;
        foreach (Match match in Placeholder().Matches(text))
        {
            filled.Append(text, at, match.Index - at).Append(escape(Of(match.Groups[1].Value, filling)));
            at = match.Index + match.Length;
        }

        return filled.Append(text, at, text.Length - at).ToString();
    }

    private static string Of(string name, Filling filling) => name switch
    {
        "value" => filling.Value,
        "current" =>
            filling.Current ?? throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.CurrentMissing, "The call needs the value in use, and there is none."),
        "handle" => filling.Handle ?? throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.HandleMissing,
            "The call needs the provider's id of this value ({{handle}}), which is not known."),
        "mark" => filling.Mark,
        "id" =>
            filling.Id ?? throw new ProviderException(ProviderFault.Misconfigured, ProviderCode.HandleMissing,
                "The call needs provider_credential_id, and the credential has none."),
        _ => filling.Name,
    } ?? throw new InvalidOperationException($"{name} has no meaning in this call."); // the section was checked when it was stored

    [GeneratedRegex(@"\{\{\s*([^{}]*?)\s*\}\}")]
    private static partial Regex Placeholder();
}
