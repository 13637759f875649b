using System.Security.Cryptography;

namespace Aegis.Dicom.Deidentification;

/// <summary>Top-level facts about the source, noted while it is read. Kept in memory for the caller's checks.</summary>
internal sealed class SourceFacts(TransferSyntax syntax)
{
    private const int MaxNameBytes = 1024; // five components of 64 characters in three groups, in any encoding
    private static readonly string[] HeadWords =
        ["HEAD", "BRAIN", "FACE", "FACIAL", "SKULL", "SINUS", "ORBIT", "CRANI", "NEURO", "MAXILLA", "JAW", "CEREBR"];

    private SpecificCharacterSet characters = SpecificCharacterSet.Default;
    private bool aboutHead;

    public TransferSyntax Syntax => syntax;
    public string SopClass { get; private set; } = "";
    public string SopInstance { get; private set; } = "";
    public string StudyInstance { get; private set; } = "";
    public string SeriesInstance { get; private set; } = "";
    public string Modality { get; private set; } = "";
    public string ImageType { get; private set; } = "";
    public string BurnedInAnnotation { get; private set; } = "";
    public string SeriesDescription { get; private set; } = "";
    public string Equipment { get; private set; } = "";

    /// <summary>The source names a device or method that captures or digitises pictures.</summary>
    public bool HasCaptureDevice { get; private set; }
    public PixelFacts Pixels { get; } = new();
    public bool HasPatientName { get; private set; }
    public bool HasBirthDate { get; private set; }
    public string PatientId { get; private set; } = "";
    public string PatientSex { get; private set; } = "";
    public string AccessionNumber { get; private set; } = "";
    public string StudyDate { get; private set; } = "";
    public PatientIdentity Patient { get; private set; } = new(null, null, null);
    public string IssuerOfPatientId { get; private set; } = "";
    public string BirthDate { get; private set; } = "";

    public bool CharacterSetKnown => characters.IsKnown;

    /// <summary>A face can be reconstructed from slices through a head.</summary>
    public bool ShowsFace => aboutHead && Modality is "CT" or "MR" or "PT";

    public static bool Wants(uint tag) =>
        tag is Tags.CharacterSet or Tags.SopClass or Tags.SopInstance or Tags.StudyInstance or Tags.SeriesInstance
        or Tags.Modality or Tags.ImageType or Tags.BurnedInAnnotation or Tags.ConversionType or Tags.NumberOfFrames or Tags.Manufacturer
        or Tags.ModelName
        or Tags.PatientName or Tags.PatientId or Tags.IssuerOfPatientId or Tags.PatientBirthDate or Tags.PatientSex or Tags.AccessionNumber
        or Tags.StudyDate
        or Tags.BodyPart or Tags.StudyDescription or Tags.SeriesDescription or Tags.ProtocolName
        or (>= Tags.FirstCapture and <= Tags.LastCapture)
        || PixelFacts.Wants(tag);

    public void Note(uint tag, ReadOnlySpan<byte> value)
    {
        switch (tag)
        {
            case Tags.CharacterSet: characters = SpecificCharacterSet.Parse(Text(value)); break;
            case Tags.SopClass: SopClass = Text(value); break;
            case Tags.SopInstance: SopInstance = Text(value); break;
            case Tags.StudyInstance: StudyInstance = Text(value); break;
            case Tags.SeriesInstance: SeriesInstance = Text(value); break;
            case Tags.Modality: NoteModality(Text(value).ToUpperInvariant()); break;
            case Tags.ImageType: ImageType = Text(value); break;
            case Tags.BurnedInAnnotation: BurnedInAnnotation = Text(value); break;
            case Tags.ConversionType or (>= Tags.FirstCapture and <= Tags.LastCapture): HasCaptureDevice |= Text(value).Length > 0; break;
            case Tags.Manufacturer or Tags.ModelName: Equipment += " " + Text(value); break;
            case Tags.NumberOfFrames: NoteFrames(value); break;
            case Tags.PatientId: PatientId = Text(value); break;
            case Tags.IssuerOfPatientId: IssuerOfPatientId = Text(value); break;
            case Tags.PatientSex: PatientSex = Text(value); break;
            case Tags.PatientName: NoteName(value); break;
            case Tags.PatientBirthDate: NoteBirthDate(value); break;
            case Tags.AccessionNumber: AccessionNumber = Text(value); break;
            case Tags.StudyDate: StudyDate = Text(value); break;
            case Tags.SeriesDescription:
                SeriesDescription = Text(value);
                NoteBodyPart(value);
                break;
            case Tags.BodyPart or Tags.StudyDescription or Tags.ProtocolName: NoteBodyPart(value); break;
            default: Pixels.Note(tag, value); break;
        }
    }

    // The report shows the modality, so it must not be free text. Same rule as for the written value.
    private void NoteModality(string text)
    {
        Modality = text.Length == 0 || DefinedTerms.Has(Tags.Modality, text) ? text : DefinedTerms.OtherModality;
    }

    // Same rule as for the written value. An unreadable value refuses the instance when it is treated.
    private void NoteFrames(ReadOnlySpan<byte> value)
    {
        var written = GrammarValues.Accept(Tags.NumberOfFrames, Vr.IS, asTermsOnly: false, value.Trim(" \0"u8)) ?? [];
        Pixels.Frames = int.TryParse(Encoding.ASCII.GetString(written), NumberStyles.None, CultureInfo.InvariantCulture, out var n)
            && n > 0 ? n : 1;
    }

    private void NoteName(ReadOnlySpan<byte> value)
    {
        HasPatientName = !value.Trim(" \0"u8).IsEmpty;
        AddToDigest(value);
        if (value.Length > MaxNameBytes) return;
        var groups = characters.DecodeName(value.TrimEnd(" \0"u8)).Select(PersonName.Parse).ToList();
        if (groups.Count == 0) return;
        Patient = Patient with { FamilyName = groups[0].Family, GivenName = groups[0].Given, OtherGroups = groups[1..] };
    }

    private void AddToDigest(ReadOnlySpan<byte> value)
    {
        byte[] all = [.. Encoding.ASCII.GetBytes(Patient.Digest), .. value.TrimEnd(" \0"u8)];
        Patient = Patient with { Digest = Convert.ToHexString(SHA256.HashData(all)) };
    }

    private void NoteBirthDate(ReadOnlySpan<byte> value)
    {
        var text = BirthDate = Text(value);
        HasBirthDate = text.Length > 0;
        AddToDigest(value);
        var isDate = DateOnly.TryParseExact(text, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);
        Patient = Patient with { BirthDate = isDate ? text : null };
    }

    private void NoteBodyPart(ReadOnlySpan<byte> value)
    {
        var text = Text(value).ToUpperInvariant();
        aboutHead |= Array.Exists(HeadWords, word => text.Contains(word, StringComparison.Ordinal));
    }

    /// <summary>Decodes a value with its character set; returns Latin-1 text when that fails.</summary>
    public string Decode(ReadOnlySpan<byte> value) =>
        characters.DecodeName(value) is { Count: > 0 } groups ? string.Join(' ', groups) : Text(value);

    // Facts are short. A longer value is not a fact and must not become a string.
    private static string Text(ReadOnlySpan<byte> value) =>
        Encoding.Latin1.GetString(value[..Math.Min(value.Length, MaxNameBytes)]).Trim(' ', '\0');
}
