using System.Text;
using Aegis.Dicom.Part10;

namespace Aegis.Dicom.Deidentification;

/// <summary>What the output says about its own de-identification: (0012,0062) to (0012,0064), with codes of CID 7050.</summary>
internal static class Statement
{
    private const string Method = "Aegis: DICOM PS3.15 Basic Confidentiality Profile";

    public static void Write(DicomWriter writer, DeidentificationOptions options, bool identityRemoved)
    {
        writer.Element(Tags.IdentityRemoved, Vr.CS, identityRemoved ? "YES"u8 : "NO"u8);
        writer.Element(Tags.DeidentificationMethod, Vr.LO, Encoding.ASCII.GetBytes(Method));
        writer.SequenceStart(Tags.DeidentificationCodes);
        Code(writer, "113100", "Basic Application Confidentiality Profile");
        if (options.CleanDescriptors) Code(writer, "113105", "Clean Descriptors Option");
        if (options.Dates is not DateTreatment.Remove) Code(writer, "113107", "Retain Longitudinal Temporal Information Modified Dates Option");
        if (options.KeepPatientCharacteristics) Code(writer, "113108", "Retain Patient Characteristics Option");
        if (options.KeepDevice) Code(writer, "113109", "Retain Device Identity Option");
        if (options.KeepUids) Code(writer, "113110", "Retain UIDs Option");
        if (options.KeepSafePrivate) Code(writer, "113111", "Retain Safe Private Option");
        if (options.KeepInstitution) Code(writer, "113112", "Retain Institution Identity Option");
        writer.SequenceEnd();
    }

    /// <summary>Longitudinal Temporal Information Modified (0028,0303).</summary>
    public static ReadOnlySpan<byte> Temporal(DeidentificationOptions options) =>
        options.Dates is DateTreatment.Remove ? "REMOVED"u8 : "MODIFIED"u8;

    private static void Code(DicomWriter writer, string value, string meaning)
    {
        writer.ItemStart();
        writer.Element(Tags.CodeValue, Vr.SH, Encoding.ASCII.GetBytes(value));
        writer.Element(Tags.CodingScheme, Vr.SH, "DCM"u8);
        writer.Element(Tags.CodeMeaning, Vr.LO, Encoding.ASCII.GetBytes(meaning));
        writer.ItemEnd();
    }
}
