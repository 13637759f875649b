using System.Globalization;
using Microsoft.AspNetCore.Html;

namespace Aegis.Auth.Pages;

/// <summary>What all pages share.</summary>
internal static class PlainPage
{
    public const string Brand =
        """<p class="brand"><svg viewBox="0 0 24 24" aria-hidden="true"><path d="M12 3l7 2.5v5.6c0 4.5-2.9 8-7 9.9-4.1-1.9-7-5.4-7-9.9V5.5z"/><path d="M9 12.2l2.2 2.2 4-4.4"/></svg>Aegis</p>""";

    /// <summary>A time as people read it, and as programs do.</summary>
    public static HtmlString Time(DateTimeOffset at) => new(
        $"<time datetime=\"{at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}\">{at.UtcDateTime.ToString("d MMMM yyyy, HH:mm", CultureInfo.InvariantCulture)} UTC</time>");
}

/// <summary>One field of a form.</summary>
/// <param name="Name">Its name and id.</param>
/// <param name="Label">What stands above it.</param>
/// <param name="Type"><c>text</c>, <c>email</c> or <c>password</c>.</param>
/// <param name="Value">What stands in it; never a password.</param>
/// <param name="Autocomplete">What browsers and password stores may fill in.</param>
/// <param name="Hint">A sentence below the label, or null.</param>
internal sealed record Field(
    string Name, string Label, string Type = "text", string? Value = null, string Autocomplete = "off", string? Hint = null)
{
    /// <summary>True for codes, which have large letters.</summary>
    public bool IsCode { get; init; }

    public bool HasFocus { get; init; }
}
