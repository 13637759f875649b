namespace Aegis.Dicom.Part10;

/// <summary>
/// Detects from the first element how a data set is encoded, whatever its label says. This is as safe as trusting the label: the
/// same rules apply to every element, and a wrong guess fails because of tag order, a length or a missing identifier.
/// </summary>
internal static class FirstElement
{
    public const int Bytes = 8;

    // No possible first element is longer. A larger number is not an implicit length.
    private const int MaxImplicitLength = 64 << 10;

    /// <summary>
    /// Null when the encoding does not exist, or contradicts the label's other properties (deflated, encapsulated).
    /// </summary>
    public static TransferSyntax? Resolve(ReadOnlySpan<byte> head, TransferSyntax label)
    {
        // Every instance begins with a group below 0100, nearly always 0008. The position of its zero byte shows the byte order.
        var isBig = head is [0, not 0, ..];
        var isExplicit = HasRepresentation(head, label, isBig);
        if (isExplicit == label.ExplicitVr && isBig == label.BigEndian) return label;
        if (label.Encapsulated || label.Deflated || (isBig && !isExplicit)) return null;
        return isBig ? TransferSyntax.ExplicitBigEndian : isExplicit
            ? TransferSyntax.ExplicitLittleEndian
            : TransferSyntax.ImplicitLittleEndian;
    }

    /// <summary>Whether the bytes begin a data set in explicit VR little endian with group 0008. Deflate data cannot.</summary>
    public static bool IsPlain(ReadOnlySpan<byte> head) => head is [0x08, 0x00, _, not 0xFF, ..] && VrTraits.IsStandard(head[4], head[5]);

    /// <summary>Whether the bytes begin a data set of any encoding with group 0008.</summary>
    public static bool IsDataSet(ReadOnlySpan<byte> head) => head is [0x08, 0x00, ..] && (IsPlain(head) || HasImplicitLength(head))
        || (head is [0x00, 0x08, ..] && VrTraits.IsStandard(head[4], head[5]));

    // Unknown letters may be a new representation, so the label decides. It also decides when nothing else fits.
    private static bool HasRepresentation(ReadOnlySpan<byte> head, TransferSyntax label, bool isBig)
    {
        if (VrTraits.IsStandard(head[4], head[5])) return true;
        if (VrTraits.Parse(head[4], head[5]) is Vr.UN) return label.ExplicitVr;
        return label.ExplicitVr && (isBig || !HasImplicitLength(head));
    }

    private static bool HasImplicitLength(ReadOnlySpan<byte> head) =>
        BinaryPrimitives.ReadUInt32LittleEndian(head[4..]) is <= MaxImplicitLength or Tags.Undefined;
}
