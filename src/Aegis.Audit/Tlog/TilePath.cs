using System.Text.RegularExpressions;

namespace Aegis.Audit.Tlog;

/// <summary>
/// Number and width of a tile as written by C2SP tlog-tiles: <c>x001/x234/067</c>, with the suffix <c>.p/8</c> for a partial tile.
/// </summary>
internal sealed partial record TilePath(long Number, int Width)
{
    public bool IsPartial => Width < Tile.MaxHashes;

    /// <summary>Reads the canonical form of a path; null for any other form.</summary>
    public static TilePath? Parse(string? path)
    {
        if (path is null) return null; // the URL ends before the path
        var match = Shape().Match(path);
        if (!match.Success) return null;
        var groups = match.Groups["x"].Captures.Select(c => c.Value).Append(match.Groups["last"].Value).ToList();
        if (groups.Count > 1 && groups[0] == "000") return null;
        var number = groups.Aggregate(0L, (sum, group) => (sum * 1_000) + int.Parse(group, CultureInfo.InvariantCulture));
        var width = match.Groups["width"].Success ? int.Parse(match.Groups["width"].Value, CultureInfo.InvariantCulture) : Tile.MaxHashes;
        return match.Groups["width"].Success && width is < 1 or >= Tile.MaxHashes ? null : new TilePath(number, width);
    }

    // At most five groups: more than any log needs, and within a long.
    [GeneratedRegex(@"^(?:x(?<x>[0-9]{3})/){0,4}(?<last>[0-9]{3})(?:\.p/(?<width>[1-9][0-9]{0,2}))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();
}
