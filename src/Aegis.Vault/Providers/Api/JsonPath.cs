namespace Aegis.Vault.Providers.Api;

/// <summary>
/// The subset of JSONPath (RFC 9535) that selects one node: <c>$</c>, <c>.name</c>, <c>['name']</c>, <c>["name"]</c>, <c>[0]</c> and
/// <c>[-1]</c>. Syntax that can select several nodes (wildcards, slices, filters, descendants) is refused.
/// </summary>
internal sealed class JsonPath
{
    private const int MaxSteps = 20;
    private readonly List<(string? Name, int Index)> steps;

    private JsonPath(List<(string? Name, int Index)> steps) => this.steps = steps;

    /// <summary>The path, or null when the text is not such a path.</summary>
    public static JsonPath? Parse(string text)
    {
        if (text.Length == 0 || text[0] != '$') return null;
        var steps = new List<(string?, int)>();
        for (var at = 1; at < text.Length;)
        {
            var step = text[at] switch
            {
                '.' => Shorthand(text, ref at),
                '[' => Bracket(text, ref at),
                _ => null,
            };
            if (step is null || steps.Count == MaxSteps) return null;
            steps.Add(step.Value);
        }

        return new JsonPath(steps);
    }

    /// <summary>The selected node, or null when there is none.</summary>
    public JsonElement? Find(JsonElement root)
    {
        var here = root;
        foreach (var (name, index) in steps)
        {
            if (name is not null)
            {
                if (here.ValueKind is not JsonValueKind.Object || !here.TryGetProperty(name, out here)) return null;
            }
            else
            {
                if (here.ValueKind is not JsonValueKind.Array) return null;
                var length = here.GetArrayLength();
                var place = index < 0 ? length + index : index;
                if (place < 0 || place >= length) return null;
                here = here[place];
            }
        }

        return here;
    }

    private static (string?, int)? Shorthand(string text, ref int at)
    {
        var start = ++at;
        while (at < text.Length
            && (char.IsAsciiLetter(text[at]) || text[at] == '_' || text[at] >= 0x80 || (at > start && char.IsAsciiDigit(text[at])))) at++;
        return at == start ? null : (text[start..at], 0);
    }

    private static (string?, int)? Bracket(string text, ref int at)
    {
        at = Blanks(text, at + 1);
        if (at >= text.Length) return null;
        (string?, int)? step = text[at] is '\'' or '"' ? Quoted(text, ref at) is { } name
            ? (name, 0)
            : null : Index(text, ref at) is { } index ? (null, index) : null;
        at = Blanks(text, at);
        return step is not null && at < text.Length && text[at++] == ']' ? step : null;
    }

    private static int? Index(string text, ref int at)
    {
        var start = at;
        if (at < text.Length && text[at] == '-') at++;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        var digits = text[start..at];
        var plain = digits == "0" || (digits.TrimStart('-') is { Length: > 0 } rest && rest[0] != '0'); // no leading zeros, no -0
        return plain && int.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) ? index : null;
    }

    private static string? Quoted(string text, ref int at)
    {
        var quote = text[at++];
        var name = new StringBuilder();
        while (at < text.Length && text[at] != quote)
        {
            var c = text[at++];
            if (c < ' ') return null;
            if (c != '\\')
            {
                name.Append(c);
                continue;
            }

            if (at >= text.Length || Escaped(text, quote, ref at) is not { } meant) return null;
            name.Append(meant);
        }

        return at < text.Length && text[at++] == quote && IsWhole(name.ToString()) ? name.ToString() : null;
    }

    /// <summary>False for half of a surrogate pair: no JSON member has such a name.</summary>
    private static bool IsWhole(string text)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1])) i++;
            else if (char.IsSurrogate(text[i])) return false;
        }

        return true;
    }

    private static char? Escaped(string text, char quote, ref int at)
    {
        var c = text[at++];
        if (c == quote) return c;
        switch (c)
        {
            case 'b': return '\b';
            case 'f': return '\f';
            case 'n': return '\n';
            case 'r': return '\r';
            case 't': return '\t';
            case '/' or '\\': return c;
            case 'u' when at + 4 <= text.Length
                && ushort.TryParse(text.AsSpan(at, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code):
                at += 4;
                return (char)code;
            default: return null;
        }
    }

    private static int Blanks(string text, int at)
    {
        while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r') at++;
        return at;
    }
}
