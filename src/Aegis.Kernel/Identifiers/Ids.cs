using System.Buffers.Binary;

namespace Aegis.Kernel.Identifiers;

/// <summary>
/// Ids are a prefix, an underscore and 26 characters of lower-case Crockford base32 over a UUIDv7 (RFC 9562 §5.7).
/// They sort by time of creation, so a list ordered by id is ordered by age.
/// </summary>
public static class Ids
{
    /// <summary>The longest stored id.</summary>
    public const int MaxLength = 64;

    private static readonly MillisecondOrder Order = new();

    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";
    private const int SuffixLength = 26;
    private const int Version7 = 0x7000;

    /// <summary>Makes an id, for example <c>req_…</c>.</summary>
    /// <param name="prefix">The kind of object, without the underscore.</param>
    /// <param name="now">The time that the id sorts by.</param>
    public static string New(string prefix, DateTimeOffset now) => New(prefix, now, Order);

    internal static string New(string prefix, DateTimeOffset now, MillisecondOrder order)
    {
        Span<byte> bytes = stackalloc byte[16];
        Guid.CreateVersion7(now).TryWriteBytes(bytes, bigEndian: true, out _);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[6..], (ushort)(Version7 | order.Next(now)));
        var value = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return string.Create(prefix.Length + 1 + SuffixLength, (prefix, value), static (text, made) =>
        {
            made.prefix.CopyTo(text);
            text[made.prefix.Length] = '_';
            var rest = made.value;
            for (var i = text.Length - 1; i > made.prefix.Length; i--, rest >>= 5)
                text[i] = Alphabet[(int)(rest & 31)];
        });
    }

    /// <summary>Returns when an id was made, or null when it is not such an id.</summary>
    public static DateTimeOffset? TimeOf(string id)
    {
        if (id.Length <= SuffixLength || id[^(SuffixLength + 1)] != '_') return null;
        UInt128 value = 0;
        foreach (var symbol in id.AsSpan(id.Length - SuffixLength))
        {
            var digit = Alphabet.IndexOf(symbol, StringComparison.Ordinal);
            if (digit < 0) return null;
            value = (value << 5) | (uint)digit;
        }

        return DateTimeOffset.FromUnixTimeMilliseconds((long)(value >> 80)); // the first 48 of 128 bits
    }
}
