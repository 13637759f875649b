using System.Text.Json;

namespace Aegis.Vault.Providers.N8n;

/// <summary>A credential as n8n lists it: never with its data. Names may repeat, so only the id says which one it is.</summary>
/// <param name="Id">n8n's id.</param>
/// <param name="Name">Its name there.</param>
/// <param name="Type">Its type there, such as <c>httpHeaderAuth</c>.</param>
internal sealed record N8nCredential(string Id, string Name, string Type)
{
    public static N8nCredential From(JsonElement item) => new(N8nJson.Id(item), N8nJson.Text(item, "name"), N8nJson.Text(item, "type"));
}

/// <summary>One page of a list.</summary>
/// <param name="Items">What stands on it.</param>
/// <param name="Next">What to ask the next one with, or null.</param>
internal sealed record N8nPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Reads n8n's answers, which may be anyone's: what is missing or oversized is refused in our own words.</summary>
internal static class N8nJson
{
    private const int LongestName = 500;

    public static string Id(JsonElement item) => Text(item, "id") is var id && Credentials.CredentialRules.IsProviderId(id) ? id : throw Unexpected();

    public static string Text(JsonElement item, string member) =>
        item.ValueKind is JsonValueKind.Object && item.TryGetProperty(member, out var value) && value.ValueKind is JsonValueKind.String
        && value.GetString() is { Length: > 0 and <= LongestName } text
            ? text
            : throw Unexpected();

    public static ProviderException Unexpected() => new(
        ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "The answer is none of n8n's. Check the address of the connection.");
}
