namespace Aegis.Dicom.Part10;

/// <summary>How a data set is encoded (PS3.5 chapter 10). An unlisted syntax is refused.</summary>
internal sealed record TransferSyntax(
    string Uid, bool ExplicitVr, bool Encapsulated, bool Video = false, bool BigEndian = false, bool Deflated = false)
{
    private const string Compressed = "1.2.840.10008.1.2.4.";

    public static readonly TransferSyntax ImplicitLittleEndian = new("1.2.840.10008.1.2", ExplicitVr: false, Encapsulated: false);
    public static readonly TransferSyntax ExplicitLittleEndian = new("1.2.840.10008.1.2.1", ExplicitVr: true, Encapsulated: false);
    public static readonly TransferSyntax ExplicitBigEndian =
        new("1.2.840.10008.1.2.2", ExplicitVr: true, Encapsulated: false, BigEndian: true);

    private static readonly TransferSyntax DeflatedLittleEndian =
        new("1.2.840.10008.1.2.1.99", ExplicitVr: true, Encapsulated: false, Deflated: true);

    /// <summary>
    /// The output's syntax. Big endian is retired and few readers inflate, so both become plain explicit VR little endian.
    /// </summary>
    public TransferSyntax Written => BigEndian || Deflated ? ExplicitLittleEndian : this;

    /// <summary>Null for syntaxes that this library does not read: referenced pixel data, private syntaxes.</summary>
    public static TransferSyntax? Find(string uid) => uid switch
    {
        "1.2.840.10008.1.2" => ImplicitLittleEndian,
        "1.2.840.10008.1.2.1" => ExplicitLittleEndian,
        "1.2.840.10008.1.2.1.99" => DeflatedLittleEndian,
        "1.2.840.10008.1.2.2" => ExplicitBigEndian,
        // Encapsulated uncompressed, RLE, deflated frames.
        "1.2.840.10008.1.2.1.98" or "1.2.840.10008.1.2.5" or "1.2.840.10008.1.2.8.1" => new(uid, true, true),
        _ when uid.StartsWith(Compressed, StringComparison.Ordinal) => FindCompressed(uid),
        _ => null,
    };

    // Listed by number, not by prefix: the UID is written to the output and must not carry anything else.
    private static TransferSyntax? FindCompressed(string uid) => uid[Compressed.Length..] switch
    {
        // JPEG 50 to 70, JPEG-LS, JPEG 2000, JPEG XL, HTJ2K. JPIP (94, 95, 204, 205) only refers to its pixels.
        "50" or "51" or "52" or "53" or "54" or "55" or "56" or "57" or "58" or "59" or "60" or "61" or "62" or "63" or "64" or "65"
            or "66" or "70"
            or "80" or "81" or "90" or "91" or "92" or "93" or "110" or "111" or "112" or "201" or "202" or "203" => new(uid, true, true),
        // MPEG-2, MPEG-4 AVC, HEVC, and the forms that may be fragmented.
        "100" or "101" or "102" or "103" or "104" or "105" or "106" or "107" or "108"
            or "100.1" or "101.1" or "102.1" or "103.1" or "104.1" or "105.1" or "106.1" => new(uid, true, true, Video: true),
        _ => null,
    };
}
