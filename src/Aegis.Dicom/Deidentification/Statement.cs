namespace Aegis.Dicom.Deidentification;

/// <summary>Writes what the output says about its own de-identification: (0012,0062) to (0012,0064), with codes of CID 7050.</summary>
internal static class Statement
{
    private const string Method = "Aegis: DICOM PS3.15 Basic Confidentiality Profile";

    public static void Write(DicomWriter writer, DeidentificationOptions options, bool identityRemoved)
    {
        writer.Element(Tags.IdentityRemoved, Vr.CS, identityRemoved ? "YES"u8 : "NO"u8);
        writer.Element(Tags.DeidentificationMethod, Vr.LO, Encoding.ASCII.GetBytes(Method));
        writer.SequenceStart(Tags.DeidentificationCodes);
        foreach (var method in DeidentificationMethod.Of(options)) Code(writer, method);
        writer.SequenceEnd();
    }

    /// <summary>Longitudinal Temporal Information Modified (0028,0303).</summary>
    public static ReadOnlySpan<byte> Temporal(DeidentificationOptions options) =>
        options.Dates is DateTreatment.Remove ? "REMOVED"u8 : "MODIFIED"u8;

    private static void Code(DicomWriter writer, DeidentificationMethod method)
    {
        writer.ItemStart();
        writer.Element(Tags.CodeValue, Vr.SH, Encoding.ASCII.GetBytes(method.Code));
        writer.Element(Tags.CodingScheme, Vr.SH, Encoding.ASCII.GetBytes(DeidentificationMethod.Scheme));
        writer.Element(Tags.CodeMeaning, Vr.LO, Encoding.ASCII.GetBytes(method.Meaning));
        writer.ItemEnd();
    }
}
