using Aegis.Dicom.Patient;

namespace Aegis.Dicom.Deidentification;

/// <summary>How many attributes were treated, at every depth.</summary>
/// <param name="Removed">Gone with their tag.</param>
/// <param name="Replaced">Emptied or given a dummy value.</param>
/// <param name="Remapped">UIDs mapped.</param>
/// <param name="Cleaned">Dates changed, descriptions and ages cleaned.</param>
public sealed record TreatmentCounts(int Removed, int Replaced, int Remapped, int Cleaned);

/// <summary>
/// What one instance was and what was done to it. <see cref="Patient"/> and <see cref="OriginalStudyUid"/> are
/// identifying: for checks in memory, and never printed.
/// </summary>
public sealed record InstanceReport
{
    /// <summary>As the source names the patient; compare with <see cref="PatientIdentity.Matches"/>.</summary>
    public required PatientIdentity Patient { get; init; }

    /// <summary>The source has a Patient's Name (0010,0010) that is not empty, decodable or not.</summary>
    public required bool HasPatientName { get; init; }

    /// <summary>The source has a Patient's Birth Date (0010,0030) that is not empty, valid or not.</summary>
    public required bool HasBirthDate { get; init; }

    /// <summary>Patient ID (0010,0020) of the source; empty when there is none. Identifying, like <see cref="Patient"/>.</summary>
    public string PatientId { get; init; } = "";

    /// <summary>Patient's Sex (0010,0040) of the source; empty when there is none.</summary>
    public string PatientSex { get; init; } = "";

    /// <summary>Accession Number (0008,0050) of the source; empty when there is none. Identifying.</summary>
    public string AccessionNumber { get; init; } = "";

    /// <summary>Study Date (0008,0020) of the source as it is written; empty when there is none. Identifying.</summary>
    public string StudyDate { get; init; } = "";

    /// <summary>Study Instance UID of the source: tells whether two files are of one study.</summary>
    public required string OriginalStudyUid { get; init; }

    public required string StudyUid { get; init; }

    public required string SeriesUid { get; init; }

    public required string SopInstanceUid { get; init; }

    public required string SopClassUid { get; init; }

    /// <summary>Of the output; big endian and deflated become explicit VR little endian.</summary>
    public required string TransferSyntaxUid { get; init; }

    /// <summary>Empty when the source has none.</summary>
    public required string Modality { get; init; }

    public required int Frames { get; init; }

    /// <summary>Codes of <see cref="Deidentification.PixelRisk"/>; empty when nothing speaks against the pixels.</summary>
    public required IReadOnlyList<string> PixelRisks { get; init; }

    /// <summary>Patient Identity Removed (0012,0062) is YES in the output.</summary>
    public required bool IdentityRemoved { get; init; }

    /// <summary>Codes of <see cref="InstanceWarning"/>.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Of the source; of a deflated data set, what it inflates to.</summary>
    public required long BytesRead { get; init; }

    public required long BytesWritten { get; init; }

    public required TreatmentCounts Counts { get; init; }

    public override string ToString() => $"{SopInstanceUid} ({BytesRead} -> {BytesWritten} bytes)";
}

/// <summary>Stable codes of what the caller may want to tell people about an instance (PS3.15 E.3.2, PS3.10 chapter 7).</summary>
public static class InstanceWarning
{
    /// <summary>Slices through a head: a face can be rebuilt from them.</summary>
    public const string FacialFeatures = "facial_features";

    /// <summary>Zeros after the data set were dropped.</summary>
    public const string TrailingPadding = "trailing_padding";

    /// <summary>The character set is unknown here, so the patient's name could not be read.</summary>
    public const string CharacterSetUnknown = "character_set_unknown";

    /// <summary>The data set was in another plain syntax than the file meta information says; it was read as it is.</summary>
    public const string TransferSyntaxCorrected = "transfer_syntax_corrected";

    /// <summary>File meta information and data set disagreed about class or instance; the data set was believed.</summary>
    public const string MetaDisagrees = "meta_disagrees";
}
