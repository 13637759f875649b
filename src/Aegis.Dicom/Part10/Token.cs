namespace Aegis.Dicom.Part10;

/// <summary>What <see cref="DicomReader"/> read. Fragments are the pieces of encapsulated pixel data (PS3.5 A.4).</summary>
internal enum Token : byte
{
    Element,
    SequenceStart,
    SequenceEnd,
    ItemStart,
    ItemEnd,
    FragmentsStart,
    Fragment,
    FragmentsEnd,

    /// <summary>End of the data set.</summary>
    End,
}
