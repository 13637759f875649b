namespace Aegis.Dicom;

/// <summary>
/// A file cannot be read or de-identified as DICOM (PS3.5, PS3.10). The exception says where it failed, never with which value:
/// a value may identify a patient, so no message contains one.
/// </summary>
public sealed class DicomException : Exception
{
    public DicomException(string code, string sentence, long offset, uint? tag = null)
        : base(Known(tag) is { } t ? $"{sentence} (tag {t >> 16:X4},{t & 0xFFFF:X4}, byte {offset})" : $"{sentence} (byte {offset})")
    {
        Code = code;
        Offset = offset;
        Tag = Known(tag);
    }

    // After a reading error the tag may be made of bytes of a value. Only known tags are shown.
    private static uint? Known(uint? tag) => tag is { } t && (DataDictionary.Find(t) is not null || t >> 16 is 0xFFFE or 0x0002) ? t : null;

    /// <summary>One of <see cref="DicomErrors"/>.</summary>
    public string Code { get; }

    /// <summary>Bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>Group in the upper, element in the lower 16 bits; null outside an element.</summary>
    public uint? Tag { get; }
}
