namespace Aegis.Kernel.Outbound;

/// <summary>
/// One segment of the path of an outbound call that is made of somebody else's text. Percent-encoding keeps it one segment, with one
/// exception: <c>.</c> and <c>..</c> have no encoded form and would lead to another address. Every such text goes through here.
/// </summary>
public static class PathSegment
{
    /// <summary>The encoded segment; null when the text cannot be one.</summary>
    public static string? Encode(string text) => IsPlain(text) ? Uri.EscapeDataString(text) : null;

    /// <summary>False for what would change where the address leads.</summary>
    public static bool IsPlain(string text) => text is not ("" or "." or "..");
}
