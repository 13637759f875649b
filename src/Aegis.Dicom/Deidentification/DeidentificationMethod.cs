namespace Aegis.Dicom.Deidentification;

/// <summary>What a de-identification does, as a DICOM code (PS3.16 CID 7050).</summary>
/// <param name="Code">Code Value.</param>
/// <param name="Meaning">Code Meaning.</param>
public sealed record DeidentificationMethod(string Code, string Meaning)
{
    /// <summary>Coding Scheme Designator of all these codes.</summary>
    public const string Scheme = "DCM";

    private static readonly DeidentificationMethod Basic = new("113100", "Basic Application Confidentiality Profile");
    private static readonly DeidentificationMethod CleanDescriptors = new("113105", "Clean Descriptors Option");
    private static readonly DeidentificationMethod ModifiedDates =
        new("113107", "Retain Longitudinal Temporal Information Modified Dates Option");
    private static readonly DeidentificationMethod PatientCharacteristics = new("113108", "Retain Patient Characteristics Option");
    private static readonly DeidentificationMethod Device = new("113109", "Retain Device Identity Option");
    private static readonly DeidentificationMethod Uids = new("113110", "Retain UIDs Option");
    private static readonly DeidentificationMethod SafePrivate = new("113111", "Retain Safe Private Option");
    private static readonly DeidentificationMethod Institution = new("113112", "Retain Institution Identity Option");

    /// <summary>The methods that the options stand for, in the order of their codes.</summary>
    public static IEnumerable<DeidentificationMethod> Of(DeidentificationOptions options)
    {
        yield return Basic;
        if (options.CleanDescriptors) yield return CleanDescriptors;
        if (options.Dates is not DateTreatment.Remove) yield return ModifiedDates;
        if (options.KeepPatientCharacteristics) yield return PatientCharacteristics;
        if (options.KeepDevice) yield return Device;
        if (options.KeepUids) yield return Uids;
        if (options.KeepSafePrivate) yield return SafePrivate;
        if (options.KeepInstitution) yield return Institution;
    }
}
