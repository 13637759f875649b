namespace Aegis.Dicom;

/// <summary>The stable codes of <see cref="DicomException"/>. docs/dicom.md explains each of them (PS3.5, PS3.10).</summary>
public static class DicomErrors
{
    public const string NotDicom = "not_dicom";
    public const string Truncated = "dicom_truncated";
    public const string LengthInvalid = "dicom_length_invalid";
    public const string StructureInvalid = "dicom_structure_invalid";
    public const string RepresentationInvalid = "dicom_vr_invalid";
    public const string TooDeep = "dicom_too_deep";
    public const string ValueTooLarge = "dicom_value_too_large";
    public const string HeaderTooLarge = "dicom_header_too_large";
    public const string TagOrder = "dicom_tag_order";
    public const string TrailingData = "dicom_trailing_data";
    public const string IdentifierMissing = "dicom_uid_missing";
    public const string Directory = "dicom_directory";
    public const string TransferSyntaxMissing = "dicom_transfer_syntax_missing";
    public const string TransferSyntaxUnsupported = "dicom_transfer_syntax_unsupported";
    public const string TransferSyntaxMismatch = "dicom_transfer_syntax_mismatch";
    public const string PreambleMissing = "dicom_preamble_missing";
    public const string MetaMissing = "dicom_meta_missing";
    public const string DeflateInvalid = "dicom_deflate_invalid";
    public const string ValueInvalid = "dicom_value_invalid";
    public const string InflatedTooLarge = "dicom_inflated_too_large";
}
