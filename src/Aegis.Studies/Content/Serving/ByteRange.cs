using System.Globalization;

namespace Aegis.Studies.Content.Serving;

/// <summary>
/// What a request asks of a content of known length (RFC 9110, section 14): the bytes [From, To). Several ranges, other
/// units and malformed headers are ignored, so they ask for the whole.
/// </summary>
internal readonly record struct ByteRange(long From, long To, bool IsPartial, bool IsSatisfiable)
{
    private const string Unit = "bytes=";

    public long Length => To - From;

    public static ByteRange Whole(long length) => new(0, length, IsPartial: false, IsSatisfiable: true);

    private static ByteRange Unsatisfiable => new(0, 0, IsPartial: false, IsSatisfiable: false);

    public static ByteRange Parse(string? header, long length)
    {
        if (header is null || !header.StartsWith(Unit, StringComparison.OrdinalIgnoreCase)) return Whole(length);

        var spec = header.AsSpan(Unit.Length).Trim(" \t");
        var dash = spec.IndexOf('-');
        if (dash < 0 || !TryPosition(spec[..dash], out var first) || !TryPosition(spec[(dash + 1)..], out var last)) return Whole(length);

        return (first, last) switch
        {
            (null, null) => Whole(length),
            (null, 0) => Unsatisfiable,
            (null, { } suffix) when length > 0 => Part(length - Math.Min(suffix, length), length),
            (null, _) => Unsatisfiable,
            ({ } from, { } to) when to < from => Whole(length),
            ({ } from, _) when from >= length => Unsatisfiable,
            ({ } from, null) => Part(from, length),
            ({ } from, { } to) => Part(from, Math.Min(to, length - 1) + 1),
        };
    }

    /// <summary>
    /// Whether the Range of a request counts beside its If-Range (section 13.1.5). Only a strong entity tag can match:
    /// contents have no Last-Modified.
    /// </summary>
    public static bool Counts(string? ifRange, string etag) =>
        ifRange is null || string.Equals(ifRange.Trim(), etag, StringComparison.Ordinal);

    private static ByteRange Part(long from, long to) => new(from, to, IsPartial: true, IsSatisfiable: true);

    // A number too large for a long lies behind every content all the same.
    private static bool TryPosition(ReadOnlySpan<char> digits, out long? position)
    {
        position = null;
        if (digits.IsEmpty) return true;
        if (digits.ContainsAnyExceptInRange('0', '9')) return false;

        position = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
