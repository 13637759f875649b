using System.Globalization;

namespace Aegis.Studies.Content.Archive;

/// <summary>
/// The bytes [From, To) that a request asks for, from content of known length (RFC 9110, section 14). A header with several ranges,
/// another unit or a syntax error is ignored, so the answer is the whole content.
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
    /// Whether the If-Range of a request lets its Range apply (section 13.1.5). Only a strong entity tag can match, because
    /// content has no Last-Modified.
    /// </summary>
    public static bool Applies(string? ifRange, string etag) =>
        ifRange is null || string.Equals(ifRange.Trim(), etag, StringComparison.Ordinal);

    private static ByteRange Part(long from, long to) => new(from, to, IsPartial: true, IsSatisfiable: true);

    // A number too large for a long is past the end of any content.
    private static bool TryPosition(ReadOnlySpan<char> digits, out long? position)
    {
        position = null;
        if (digits.IsEmpty) return true;
        if (digits.ContainsAnyExceptInRange('0', '9')) return false;

        position = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : long.MaxValue;
        return true;
    }
}
