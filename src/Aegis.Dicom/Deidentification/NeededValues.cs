namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Attributes that decide what a picture shows: its pixels, layout, geometry, and the meaning of its numbers. If such a value cannot be
/// kept, the instance is refused with its tag. Every other dropped value is named in a warning.
/// </summary>
internal static class NeededValues
{
    public static bool Contains(uint tag) =>
        tag is Tags.PixelData or Tags.SamplesPerPixel or Tags.Photometric or Tags.NumberOfFrames or Tags.Rows or Tags.Columns
        or Tags.BitsAllocated or Tags.BitsStored or Tags.HighBit or Tags.PixelRepresentation
        or PlanarConfiguration or PixelSpacing or ImagerPixelSpacing or ImagePosition or ImageOrientation or RescaleIntercept
        or RescaleSlope;

    private const uint PlanarConfiguration = 0x0028_0006, PixelSpacing = 0x0028_0030, ImagerPixelSpacing = 0x0018_1164,
        ImagePosition = 0x0020_0032, ImageOrientation = 0x0020_0037, RescaleIntercept = 0x0028_1052, RescaleSlope = 0x0028_1053;
}
