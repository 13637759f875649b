using System.Text.RegularExpressions;

namespace Aegis.Audit.Tlog;

/// <summary>
/// A tile's number and width as C2SP tlog-tiles writes them: <c>x001/x234/067</c>, and <c>.p/8</c> behind it for a partial tile.
/// </summary>
internal sealed partial record TilePath(long Number, int Width)
{
    public bool IsPartial => Width < Tile.MaxHashes;

    /// <summary>Reads the one way in which a number may be written; null for anything else.</summary>
    public static TilePath? Parse(string? path)
    {
        if (path is null) return null; // an address that ends before it
        var match = Shape().Match(path);
        if (!match.Success) return null;
        var groups = match.Groups["x"].Captures.Select(c => c.Value).Append(match.Groups["last"].Value).ToList();
        if (groups.Count > 1 && groups[0] == "000") return null;
        var number = groups.Aggregate(0L, (sum, group) => (sum * 1_000) + int.Parse(group, CultureInfo.InvariantCulture));
        var width = match.Groups["width"].Success ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : Tile.MaxHashes;
        return match.Groups["width"].Success && width is < 1 or >= Tile.MaxHashes ? null : new TilePath(number, width);
    }

    // At most five groups: far beyond any log, and within a long.
    [GeneratedRegex(@"^(?:x(?<x>[0-9]{3})/){0,4}(?<last>[0-9]{3})(?:\.p/(?<width>[1-9][0-9]{0,2}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
