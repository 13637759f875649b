using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.Http;

/// <summary>Reads how many calls are left from the usual headers for it.</summary>
internal static partial class TargetRateLimits
{
    private static readonly string[] Names =
    [
        "x-ratelimit-remaining", "x-rate-limit-remaining", "ratelimit-remaining",
        "x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining", "x-ratelimit-requests-remaining",
    ];

    /// <param name="response">The answer.</param>
    /// <param name="name">The header that the configuration names; null tries the usual ones.</param>
    public static long? Remaining(SafeResponse response, string? name)
    {
        foreach (var header in name is null ? Names : [name])
        {
            if (response.Headers.TryGetValues(header, out var values)
                && long.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var left)) return left;
        }

        // draft-ietf-httpapi-ratelimit-headers: "default";r=50;t=30
        return name is null && response.Headers.TryGetValues("ratelimit", out var fields)
            && Structured().Match(fields.First()) is { Success: true } match
            && long.TryParse(match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var rest)
            ? rest
            : null;
    }

    [GeneratedRegex(@";\s*r=([0-9]{1,15})(?:;|,|\s|$)")]
    private static partial Regex Structured();
}
