using System.Buffers.Text;

namespace Aegis.Cli.Login;

/// <summary>A token's claims, for display only. The host checks tokens.</summary>
internal static class TokenClaims
{
    private const string Ours = "aegis:";

    public static IReadOnlyList<string> Roles(params string?[] tokens) =>
        tokens.SelectMany(RolesOf).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();

    public static DateTimeOffset? Expires(string token) =>
        Read(token) is { } claims && claims.TryGetProperty("exp", out var exp) && exp.TryGetInt64(out var at)
            ? DateTimeOffset.FromUnixTimeSeconds(at)
            : null;

    public static IReadOnlyList<string> Scopes(string token) =>
        Read(token) is { } claims && claims.TryGetProperty("scope", out var scope) && scope.ValueKind == JsonValueKind.String
            ? scope.GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];

    /// <summary>Roles in the claims that Aegis and Keycloak use.</summary>
    private static IEnumerable<string> RolesOf(string? token)
    {
        if (Read(token) is not { } claims) return [];
        var found = new List<string>();
        foreach (var name in new[] { "role", "roles" })
            if (claims.TryGetProperty(name, out var value)) found.AddRange(Texts(value));
        if (claims.TryGetProperty("realm_access", out var realm) && realm.ValueKind == JsonValueKind.Object
            && realm.TryGetProperty("roles", out var roles)) found.AddRange(Texts(roles));
        return found.Where(r => r.StartsWith(Ours, StringComparison.Ordinal));
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().Where(v => v.ValueKind == JsonValueKind.String).Select(v => v.GetString()!),
        _ => [],
    };

    private static JsonElement? Read(string? token)
    {
        if (token?.Split('.') is not [_, var payload, _]) return null;
        try
        {
            var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Base64Url.DecodeFromChars(payload))).RootElement;
            return claims.ValueKind == JsonValueKind.Object ? claims : null;
        }
        catch (Exception opaque) when (opaque is FormatException or JsonException)
        {
            return null;
        }
    }
}
