namespace Aegis.Webhooks.Endpoints;

/// <summary>Addresses of endpoints as they are shown: what stands behind the host may hold a token, so it is left out.</summary>
internal static class WebhookAddress
{
    /// <summary>What is shown instead of path and query.</summary>
    public const string Hidden = "/…";

    private const string EncodedHidden = "/%E2%80%A6";

    /// <summary>Scheme, host and port, with the rest left out.</summary>
    public static string Masked(Uri url) => url.GetLeftPart(UriPartial.Authority) + Hidden;

    /// <summary>True for an address as it is shown, or made of one, also as a browser writes it: nobody is reached there.</summary>
    public static bool IsMasked(string url) =>
        url.Contains(Hidden, StringComparison.Ordinal) || url.Contains(EncodedHidden, StringComparison.OrdinalIgnoreCase);
}
