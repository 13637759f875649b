using System.Text;

namespace Aegis.Sdk.Calls;

/// <summary>Builds addresses and escapes the values of callers.</summary>
internal sealed class Query(string path)
{
    private readonly StringBuilder text = new(path);
    private bool hasAny;

    public Query With(string name, string? value)
    {
        if (string.IsNullOrEmpty(value)) return this;
        text.Append(hasAny ? '&' : '?').Append(name).Append('=').Append(Uri.EscapeDataString(value));
        hasAny = true;
        return this;
    }

    public Query With(string name, int? value) => With(name, value?.ToString(CultureInfo.InvariantCulture));

    public Query With(string name, DateTimeOffset? value) =>
        With(name, value?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.FFFFFFFZ", CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();

    /// <summary>Escapes an id or name as one path segment.</summary>
    public static string Segment(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value is "." or "..") throw new ArgumentException("The value is not an id.", nameof(value)); // dots would change the path
        return Uri.EscapeDataString(value);
    }
}
