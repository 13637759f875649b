namespace Aegis.Dicom.Part10;

/// <summary>How a data set is encoded (PS3.5 chapter 10). A syntax that is not here is refused by name.</summary>
internal sealed record TransferSyntax(string Uid, bool ExplicitVr, bool Encapsulated, bool Video = false)
{
    public const string ImplicitLittleEndian = "1.2.840.10008.1.2";
    public const string ExplicitLittleEndian = "1.2.840.10008.1.2.1";

    /// <summary>Null for what this library does not read yet: deflated, big endian, referenced pixel data, private syntaxes.</summary>
    public static TransferSyntax? Find(string uid) => uid switch
    {
        ImplicitLittleEndian => new(uid, ExplicitVr: false, Encapsulated: false),
        ExplicitLittleEndian => new(uid, ExplicitVr: true, Encapsulated: false),
        "1.2.840.10008.1.2.1.98" or "1.2.840.10008.1.2.5" or "1.2.840.10008.1.2.8.1" => new(uid, true, true),
        // JPIP: the pixel data is elsewhere, behind an address.
        "1.2.840.10008.1.2.4.94" or "1.2.840.10008.1.2.4.95" or "1.2.840.10008.1.2.4.204" or "1.2.840.10008.1.2.4.205" => null,
        _ when uid.StartsWith("1.2.840.10008.1.2.4.", StringComparison.Ordinal) => new(uid, true, true, IsVideo(uid)),
        _ => null,
    };

    // MPEG-2, MPEG-4 AVC and HEVC: 1.2.840.10008.1.2.4.100 to .108, with their fragmentable forms .100.1 and so on.
    private static bool IsVideo(string uid) =>
        uid.Split('.') is { Length: >= 8 } parts && int.TryParse(parts[7], out var number) && number is >= 100 and <= 108;
}
