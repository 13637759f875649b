namespace Aegis.Dicom;

/// <summary>
/// A file cannot be read or de-identified as DICOM (PS3.5, PS3.10). Carries where, never what:
/// a value may name a patient, so it is in no message.
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

    // Where a file is read at the wrong place a tag is made of a value's bytes.
    private static uint? Known(uint? tag) => tag is { } t && (DataDictionary.Find(t) is not null || t >> 16 is 0xFFFE or 0x0002) ? t : null;

    /// <summary>One of <see cref="DicomErrors"/>.</summary>
    public string Code { get; }

    /// <summary>Bytes from the start of the file.</summary>
    public long Offset { get; }

    /// <summary>Group in the upper, element in the lower 16 bits; absent outside an element.</summary>
    public uint? Tag { get; }
}
