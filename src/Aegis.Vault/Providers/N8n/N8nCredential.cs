namespace Aegis.Vault.Providers.N8n;

/// <summary>A credential as n8n lists it, without its data. Names may repeat, so only the id identifies it.</summary>
/// <param name="Id">n8n's id.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Type">Its type there, such as <c>httpHeaderAuth</c>.</param>
internal sealed record N8nCredential(string Id, string Name, string Type)
{
    public static N8nCredential From(JsonElement item) => new(N8nJson.Id(item), N8nJson.Text(item, "name"), N8nJson.Text(item, "type"));
}

/// <summary>One page of a list.</summary>
/// <param name="Items">The items.</param>
/// <param name="Next">The cursor of the next page, or null.</param>
internal sealed record N8nPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>
/// Reads n8n's answers. They may come from any server, so missing or oversized members are refused with a message by Aegis.
/// </summary>
internal static class N8nJson
{
    private const int MaxNameLength = 500;

    public static string Id(JsonElement item) =>
        Text(item, "id") is var id && Credentials.CredentialRules.IsProviderId(id) ? id : throw Unexpected();

    public static string Text(JsonElement item, string member) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(member, out var value)
            && Read(value) is { Length: > 0 and <= MaxNameLength } text
            ? text
            : throw Unexpected();

    /// <summary>
    /// The text, or null when it is not a valid one. n8n returns half of a surrogate pair as it was typed, which is JSON but not valid
    /// text.
    /// </summary>
    public static string? Read(JsonElement value)
    {
        try
        {
            return value.ValueKind is JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>True when all texts of a JSON document are valid: none contains half of a surrogate pair.</summary>
    public static bool IsText(ReadOnlySpan<byte> json)
    {
        var high = false;
        for (var i = 0; i < json.Length; i++)
        {
            var low = false;
            if (json[i] == '\\' && json[i + 1] == 'u')
            {
                var first = char.ToLowerInvariant((char)json[i + 3]);
                var isSurrogate = json[i + 2] is (byte)'d' or (byte)'D';
                low = isSurrogate && first is >= 'c' and <= 'f';
                if (high != low) return false;
                high = isSurrogate && first is '8' or '9' or 'a' or 'b';
                i += 5;
                continue;
            }

            if (high) return false;
            if (json[i] == '\\') i++;
        }

        return !high;
    }

    public static ProviderException Unexpected() => new(
        ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
        "The answer does not look like n8n's. Check the address of the connection.");
}
