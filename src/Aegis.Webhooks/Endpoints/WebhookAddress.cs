namespace Aegis.Webhooks.Endpoints;

/// <summary>Addresses of endpoints as they are shown: what stands behind the host may hold a token, so it is left out.</summary>
internal static class WebhookAddress
{
    /// <summary>What is shown instead of path and query.</summary>
    public const string Hidden = "/…";

    /// <summary>Scheme, host and port, with the rest left out.</summary>
    public static string Masked(Uri url) => url.GetLeftPart(UriPartial.Authority) + Hidden;

    /// <summary>True for an address as it is shown, which is none to send to.</summary>
    public static bool IsMasked(string url) => url.EndsWith(Hidden, StringComparison.Ordinal);
}
