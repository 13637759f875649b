using System.Buffers;
using System.Security.Cryptography;

namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Maps UIDs to 2.25.(128-bit HMAC). A UID maps to the same value within a pair of organizations, so references stay valid. Mapped UIDs
/// cannot be linked across pairs.
/// </summary>
internal sealed class UidMap(ReadOnlyMemory<byte> secret, bool keepAll)
{
    /// <summary>The longest UID that DICOM allows (PS3.5 9.1); a mapped one has at most 44 characters.</summary>
    public const int MaxBytes = 64;

    private static readonly SearchValues<byte> UidCharacters = SearchValues.Create("0123456789."u8);

    /// <summary>Writes the mapped UID and returns its length. UIDs that the standard registers for this attribute stay.</summary>
    public int Map(uint tag, ReadOnlySpan<byte> uid, Span<byte> to)
    {
        if (IsUid(uid) && (keepAll || Stays(tag, uid)))
        {
            uid.CopyTo(to);
            return uid.Length;
        }
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret.Span, uid, digest);
        "2.25."u8.CopyTo(to);
        BinaryPrimitives.ReadUInt128BigEndian(digest).TryFormat(to[5..], out var digits, default, CultureInfo.InvariantCulture);
        return 5 + digits;
    }

    public string Map(uint tag, string uid)
    {
        Span<byte> to = stackalloc byte[MaxBytes];
        return Encoding.ASCII.GetString(to[..Map(tag, Encoding.ASCII.GetBytes(uid), to)]);
    }

    private static bool Stays(uint tag, ReadOnlySpan<byte> uid)
    {
        var text = Encoding.ASCII.GetString(uid);
        return UidRegistry.Has(tag, text) || UidRegistry.IsKnownPrivateClass(tag, text);
    }

    private static bool IsUid(ReadOnlySpan<byte> text) =>
        text.Length is > 0 and <= MaxBytes && text.IndexOfAnyExcept(UidCharacters) < 0;
}
