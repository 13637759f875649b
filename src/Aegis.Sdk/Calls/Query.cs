using System.Text;

namespace Aegis.Sdk.Calls;

/// <summary>Writes addresses. What comes from callers is escaped.</summary>
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

    /// <summary>An id or name as one segment of a path.</summary>
    public static string Segment(string value)
    {
        ArgumentException.ThrowIfNullOrEmpty(value);
        if (value is "." or "..") throw new ArgumentException("This is no id.", nameof(value)); // addresses with dots lead elsewhere
        return Uri.EscapeDataString(value);
    }
}
