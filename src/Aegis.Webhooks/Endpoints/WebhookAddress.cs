namespace Aegis.Webhooks.Endpoints;

/// <summary>Endpoint addresses as they are shown: scheme, host and port only, because path and query may contain a token.</summary>
internal static class WebhookAddress
{
    /// <summary>Shown instead of path and query.</summary>
    public const string Hidden = "/…";

    private const string EncodedHidden = "/%E2%80%A6";

    /// <summary>Scheme, host and port, followed by <see cref="Hidden"/>.</summary>
    public static string Masked(Uri url) => url.GetLeftPart(UriPartial.Authority) + Hidden;

    /// <summary>
    /// True for a masked address, or one derived from it, also in a browser's percent-encoding. No receiver exists at such an address.
    /// </summary>
    public static bool IsMasked(string url) =>
        url.Contains(Hidden, StringComparison.Ordinal) || url.Contains(EncodedHidden, StringComparison.OrdinalIgnoreCase);
}
