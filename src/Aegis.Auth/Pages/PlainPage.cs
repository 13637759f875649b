using System.Globalization;
using Microsoft.AspNetCore.Html;

namespace Aegis.Auth.Pages;

/// <summary>The HTML that all pages share.</summary>
internal static class PlainPage
{
    public const string Brand =
        """<p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l7 2.5v5.6c0 4.5-2.9 8-7 9.9-4.1-1.9-7-5.4-7-9.9V5.5z"/><path d="M9 12.2l2.2 2.2 4-4.4"/></svg>Aegis</p>""";

    /// <summary>A time, readable for people and for programs.</summary>
    public static HtmlString Time(DateTimeOffset at)
    {
        var utc = at.UtcDateTime;
        var forPrograms = utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var forPeople = utc.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture);
        return new HtmlString($"<time datetime=\"{forPrograms}\">{forPeople} UTC</time>");
    }
}

/// <summary>One field of a form.</summary>
/// <param name="Name">Its name and id.</param>
/// <param name="Label">The text above it.</param>
/// <param name="Type"><c>text</c>, <c>email</c> or <c>password</c>.</param>
/// <param name="Value">Its initial value; never a password.</param>
/// <param name="Autocomplete">The kind of value that browsers and password managers may fill in.</param>
/// <param name="Hint">A sentence below the label, or null.</param>
internal sealed record Field(
    string Name, string Label, string Type = "text", string? Value = null, string Autocomplete = "off", string? Hint = null)
{
    /// <summary>True for codes, which are shown in large letters.</summary>
    public bool IsCode { get; init; }

    public bool HasFocus { get; init; }
}
