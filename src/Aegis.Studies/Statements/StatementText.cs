using System.Globalization;
using System.Text;

namespace Aegis.Studies.Statements;

/// <summary>
/// Lines of the form <c>name: value</c> after a first line with the kind of statement. People read them, and programs split them at the
/// first colon. The lines and their order are fixed for each version.
/// </summary>
internal sealed class StatementText
{
    private const string NoValue = "none";

    private readonly StringBuilder text = new();

    public StatementText(string title) => text.Append(title).Append('\n');

    public StatementText Add(string name, string? value)
    {
        text.Append(name).Append(": ").Append(value ?? NoValue).Append('\n');
        return this;
    }

    public StatementText Add(string name, long? value) => Add(name, value?.ToString(CultureInfo.InvariantCulture));

    /// <summary>RFC 3339 in UTC, as the API writes times.</summary>
    public StatementText Add(string name, DateTimeOffset? value) =>
        Add(name, value?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture));

    public override string ToString() => text.ToString();
}
