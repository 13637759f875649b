namespace Aegis.Dicom.Part10;

/// <summary>The attributes that this library treats by name; the group is in the upper 16 bits.</summary>
internal static class Tags
{
    public const uint MetaGroupLength = 0x0002_0000, MetaVersion = 0x0002_0001, MetaSopClass = 0x0002_0002,
        MetaSopInstance = 0x0002_0003, TransferSyntax = 0x0002_0010, ImplementationClass = 0x0002_0012,
        ImplementationVersion = 0x0002_0013;

    public const uint CharacterSet = 0x0008_0005, ImageType = 0x0008_0008, SopClass = 0x0008_0016, SopInstance = 0x0008_0018,
        StudyDate = 0x0008_0020, AccessionNumber = 0x0008_0050,
        Modality = 0x0008_0060, ConversionType = 0x0008_0064, CodeValue = 0x0008_0100, CodingScheme = 0x0008_0102,
        CodingSchemeVersion = 0x0008_0103, CodeMeaning = 0x0008_0104, LongCodeValue = 0x0008_0119, TimezoneOffset = 0x0008_0201,
        StudyDescription = 0x0008_1030, SeriesDescription = 0x0008_103E;

    public const uint Manufacturer = 0x0008_0070, ModelName = 0x0008_1090;

    public const uint PatientName = 0x0010_0010, PatientId = 0x0010_0020, IssuerOfPatientId = 0x0010_0021, PatientBirthDate = 0x0010_0030,
        PatientSex = 0x0010_0040, BodyPart = 0x0018_0015, FirstCapture = 0x0018_1010, LastCapture = 0x0018_101B, ProtocolName = 0x0018_1030;

    public const uint IdentityRemoved = 0x0012_0062, DeidentificationMethod = 0x0012_0063, DeidentificationCodes = 0x0012_0064;

    public const uint StudyInstance = 0x0020_000D, SeriesInstance = 0x0020_000E, NumberOfFrames = 0x0028_0008,
        SamplesPerPixel = 0x0028_0002, Photometric = 0x0028_0004, Rows = 0x0028_0010, Columns = 0x0028_0011,
        BitsAllocated = 0x0028_0100, BitsStored = 0x0028_0101, HighBit = 0x0028_0102, PixelRepresentation = 0x0028_0103,
        PixelPadding = 0x0028_0120, PixelPaddingLimit = 0x0028_0121, BurnedInAnnotation = 0x0028_0301, TemporalModified = 0x0028_0303;

    public const uint ExtendedOffsets = 0x7FE0_0001, ExtendedLengths = 0x7FE0_0002, FloatPixelData = 0x7FE0_0008,
        DoublePixelData = 0x7FE0_0009;

    public const uint DataPointRows = 0x0028_9001, DataPointColumns = 0x0028_9002, DataRepresentation = 0x0028_9108,
        SpectroscopyData = 0x5600_0020;

    public const uint PixelData = 0x7FE0_0010, TrailingPadding = 0xFFFC_FFFC;

    public const uint Item = 0xFFFE_E000, ItemEnd = 0xFFFE_E00D, SequenceEnd = 0xFFFE_E0DD;

    public const uint Undefined = 0xFFFF_FFFF;

    public static bool IsPrivate(uint tag) => (tag & 0x0001_0000) != 0;

    /// <summary>(gggg,0010-00FF) of an odd group names the owner of a block (PS3.5 7.8.1).</summary>
    public static bool IsPrivateCreator(uint tag) => IsPrivate(tag) && (tag & 0xFFFF) is >= 0x10 and <= 0xFF;

    public static bool IsGroupLength(uint tag) => (tag & 0xFFFF) == 0;

    /// <summary>Curves 50xx and overlays 60xx.</summary>
    public static bool IsCurveOrOverlay(uint tag) => (tag >> 24) is 0x50 or 0x60 && !IsPrivate(tag);
}
