namespace Aegis.Kernel.Outbound;

/// <summary>
/// Encodes untrusted text as one path segment of an outbound call. Percent-encoding is enough except for <c>.</c> and <c>..</c>, which have
/// no encoded form and would change the path. All such text must use this class.
/// </summary>
public static class PathSegment
{
    /// <summary>Returns the encoded segment, or null when the text cannot be one.</summary>
    public static string? Encode(string text) => IsPlain(text) ? Uri.EscapeDataString(text) : null;

    /// <summary>False for text that would change where the address leads.</summary>
    public static bool IsPlain(string text) => text is not ("" or "." or "..");
}
