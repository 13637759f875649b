namespace Aegis.Dicom.Deidentification;

/// <summary>Stable codes for why the pixels may identify the patient. Pixels are never changed here (PS3.15 E.3.1).</summary>
public static class PixelRisk
{
    public const string BurnedInAnnotation = "burned_in_annotation";
    public const string Modality = "modality";
    public const string SecondaryCapture = "secondary_capture";
    public const string ScreenSave = "screen_save";
    public const string EncapsulatedDocument = "encapsulated_document";
    public const string Video = "video";
    public const string FilmDigitizer = "film_digitizer";

    /// <summary>Bits outside the pixel values are set, or it cannot be determined which bits are outside.</summary>
    public const string UnusedBits = "unused_bits";

    private static readonly string[] Screens =
        ["SCREEN SAVE", "SCREENSAVE", "SCREENSHOT", "SCREEN SHOT", "SCREEN CAPTURE", "SCREENCAPTURE", "SAVED SCREEN", "SCREEN DUMP",
        // Pages that scanners generate, with the patient's name on them.
        "DOSE REPORT", "DOSE INFO", "DOSE SUMMARY", "PATIENT PROTOCOL", "EXAM SUMMARY", "EVIDENCE DOCUMENT", "SCANNED DOCUMENT", "HARDCOPY",
        "HARD COPY",
        "FLUORO CAPTURE"];

    // Ultrasound, photographs, screen captures and documents, including retired terms: people and devices write text into such pictures.
    private static readonly string[] Modalities =
        ["US", "EC", "DD", "BDUS", "IVUS", "ES", "LP", "FS", "CP", "XC", "GM", "SM", "OP", "DMS", "OT", "SC", "HC", "DOC"];

    private static readonly string[] Digitizers =
        ["VIDAR", "LUMISYS", "LUMISCAN", "HOWTEK", "ARRAY CORP", "DIGITIZER", "DIGITISER", "FILM SCANNER", "FILMSCANNER"];

    internal static IReadOnlyList<string> Find(SourceFacts facts)
    {
        var reasons = new List<string>();
        if (facts.BurnedInAnnotation is not ("" or "NO")) reasons.Add(BurnedInAnnotation);
        if (Array.IndexOf(Modalities, facts.Modality) >= 0 || IsCameraOrUltrasound(facts.SopClass)) reasons.Add(Modality);
        if (facts.HasCaptureDevice || IsSecondaryCapture(facts.SopClass)) reasons.Add(SecondaryCapture);
        if (Names(facts.ImageType, Screens) || Names(facts.SeriesDescription, Screens)) reasons.Add(ScreenSave);
        if (Names(facts.Equipment, Digitizers)) reasons.Add(FilmDigitizer);
        if (facts.SopClass.StartsWith(Storage + "104.", StringComparison.Ordinal)) reasons.Add(EncapsulatedDocument);
        if (facts.Syntax.Video) reasons.Add(Video);
        return reasons;
    }

    private static bool Names(string text, string[] words)
    {
        var plain = text.ToUpperInvariant().Replace('_', ' ').Replace('-', ' ');
        return Array.Exists(words, word => plain.Contains(word, StringComparison.Ordinal));
    }

    private const string Storage = "1.2.840.10008.5.1.4.1.1.";

    private static bool IsSecondaryCapture(string sopClass) =>
        sopClass == Storage + "7" || sopClass.StartsWith(Storage + "7.", StringComparison.Ordinal);

    // Ultrasound (3, 6) and visible light images and video (77.1), whatever the modality says.
    private static bool IsCameraOrUltrasound(string sopClass) =>
        sopClass.StartsWith(Storage + "3", StringComparison.Ordinal) && sopClass[Storage.Length..] is "3" or "3.1"
        || sopClass == Storage + "6" || sopClass.StartsWith(Storage + "6.", StringComparison.Ordinal)
        || sopClass.StartsWith(Storage + "77.1.", StringComparison.Ordinal);
}
