namespace Aegis.Dicom.Deidentification;

/// <summary>How many attributes were treated, at every depth.</summary>
/// <param name="Removed">Attributes removed.</param>
/// <param name="Replaced">Attributes emptied or given a dummy value.</param>
/// <param name="Remapped">UIDs mapped.</param>
/// <param name="Cleaned">Dates changed, and descriptions and ages cleaned.</param>
public sealed record TreatmentCounts(int Removed, int Replaced, int Remapped, int Cleaned);

/// <summary>
/// What one instance was and what was done to it. <see cref="Patient"/> and <see cref="OriginalStudyUid"/> identify the patient. They are
/// for checks in memory and are never printed.
/// </summary>
public sealed record InstanceReport
{
    /// <summary>The patient as the source names them; compare with <see cref="PatientIdentity.Matches"/>.</summary>
    public required PatientIdentity Patient { get; init; }

    /// <summary>The source has a non-empty Patient's Name (0010,0010), decodable or not.</summary>
    public required bool HasPatientName { get; init; }

    /// <summary>The source has a non-empty Patient's Birth Date (0010,0030), valid or not.</summary>
    public required bool HasBirthDate { get; init; }

    /// <summary>Patient ID (0010,0020) of the source; empty when there is none. Identifying, like <see cref="Patient"/>.</summary>
    public string PatientId { get; init; } = "";

    /// <summary>Patient's Sex (0010,0040) of the source; empty when there is none.</summary>
    public string PatientSex { get; init; } = "";

    /// <summary>Accession Number (0008,0050) of the source; empty when there is none. Identifying.</summary>
    public string AccessionNumber { get; init; } = "";

    /// <summary>Study Date (0008,0020) of the source as it is written; empty when there is none. Identifying.</summary>
    public string StudyDate { get; init; } = "";

    /// <summary>The patient's name in the output: stable within the pair, written to Patient's Name and Patient ID.</summary>
    public required string Pseudonym { get; init; }

    /// <summary>Study Instance UID of the source. Shows whether two files belong to one study.</summary>
    public required string OriginalStudyUid { get; init; }

    public required string StudyUid { get; init; }

    public required string SeriesUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string SopClassUid { get; init; }

    /// <summary>Transfer syntax of the output. Big endian and deflated become explicit VR little endian.</summary>
    public required string TransferSyntaxUid { get; init; }

    /// <summary>Empty when the source has none.</summary>
    public required string Modality { get; init; }

    public required int Frames { get; init; }

    /// <summary>Codes of <see cref="Deidentification.PixelRisk"/>; empty when no risk was found.</summary>
    public required IReadOnlyList<string> PixelRisks { get; init; }

    /// <summary>Patient Identity Removed (0012,0062) is YES in the output.</summary>
    public required bool IdentityRemoved { get; init; }

    /// <summary>Codes of <see cref="InstanceWarning"/>.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Attributes (gggg,eeee) that lost a value although the profile does not require it; at most 64.</summary>
    public required IReadOnlyList<string> DroppedTags { get; init; }

    /// <summary>Bytes of the source; of a deflated data set, its inflated bytes.</summary>
    public required long BytesRead { get; init; }

    public required long BytesWritten { get; init; }

    public required TreatmentCounts Counts { get; init; }

    public override string ToString() => $"{SopInstanceUid} ({BytesRead} -> {BytesWritten} bytes)";
}

/// <summary>Stable codes of what the caller may want to report about an instance (PS3.15 E.3.2, PS3.10 chapter 7).</summary>
public static class InstanceWarning
{
    /// <summary>Slices through a head: the face can be reconstructed from them.</summary>
    public const string FacialFeatures = "facial_features";

    /// <summary>Zeros after the data set were dropped.</summary>
    public const string TrailingPadding = "trailing_padding";

    /// <summary>The character set is not supported, so the patient's name could not be read.</summary>
    public const string CharacterSetUnknown = "character_set_unknown";

    /// <summary>The data set was in another plain syntax than the file meta information says. The actual syntax was used.</summary>
    public const string TransferSyntaxCorrected = "transfer_syntax_corrected";

    /// <summary>File meta information and data set named different classes or instances. The data set was used.</summary>
    public const string MetaDisagrees = "meta_disagrees";

    /// <summary>The pseudonym derives from name, birth date and sex, because no Patient ID tells people apart.</summary>
    public const string PseudonymByName = "pseudonym_by_name";

    /// <summary>The pseudonym derives from the study alone: the file says too little to recognise the patient in another study.</summary>
    public const string PseudonymByStudy = "pseudonym_by_study";

    /// <summary>A vendor's SOP class stayed, because it is on the reviewed list.</summary>
    public const string PrivateClass = "private_sop_class";

    /// <summary>An overlay in the unused bits of the pixels was cleared.</summary>
    public const string OverlayCleared = "overlay_cleared";

    /// <summary>
    /// Bytes that no reader shows (after the pixels, in comments of a codestream, in place of an offset table) were cut or overwritten.
    /// </summary>
    public const string HiddenBytesCleared = "hidden_bytes_cleared";

    /// <summary>Values were dropped that the profile does not require to go; <see cref="InstanceReport.DroppedTags"/> lists them.</summary>
    public const string ValuesDropped = "values_dropped";
}
