namespace Aegis.Dicom.Deidentification;

/// <summary>
/// Attributes without which a picture is another one: its pixels, their layout, its geometry and what its numbers mean. A value here that
/// cannot be kept refuses the instance with its tag; every other dropped value is named in a warning.
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
