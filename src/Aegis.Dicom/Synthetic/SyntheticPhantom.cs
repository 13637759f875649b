namespace Aegis.Dicom.Synthetic;

/// <summary>Draws a body with two lungs, a spine and a lesion that grows over the slices; 16-bit stored values, little endian.</summary>
internal static class SyntheticPhantom
{
    /// <summary>Hounsfield units of the stored value 0.</summary>
    public const int Intercept = -1024;

    private const int Air = 0;
    private const int Lung = 324;
    private const int Water = 1064;
    private const int Lesion = 1144;
    private const int Bone = 1724;
    private const int Noise = 16;

    public static byte[] Draw(SyntheticStudySpec spec, int series, int number)
    {
        var pixels = new byte[spec.Rows * spec.Columns * sizeof(ushort)];
        var growth = (double)number / spec.InstancesPerSeries;
        var noise = (uint)(spec.Seed * 7919 + series * 104729 + number) | 1;
        for (var row = 0; row < spec.Rows; row++)
        {
            var y = 2.0 * row / spec.Rows - 1;
            for (var column = 0; column < spec.Columns; column++)
            {
                var x = 2.0 * column / spec.Columns - 1;
                noise = noise * 1664525 + 1013904223; // linear congruential generator: the same noise on every machine
                var value = Tissue(x, y, growth) + (int)(noise >> 24) % Noise;
                BinaryPrimitives.WriteUInt16LittleEndian(pixels.AsSpan((row * spec.Columns + column) * sizeof(ushort)), (ushort)value);
            }
        }
        return pixels;
    }

    private static int Tissue(double x, double y, double growth)
    {
        if (!Inside(x, y, 0, 0, 0.9, 0.7)) return Air;
        if (Inside(x, y, 0.42, -0.18, 0.15 * growth, 0.15 * growth)) return Lesion;
        if (Inside(x, y, 0, 0.42, 0.13, 0.13)) return Bone;
        return Inside(x, y, -0.42, -0.05, 0.3, 0.42) || Inside(x, y, 0.42, -0.05, 0.3, 0.42) ? Lung : Water;
    }

    private static bool Inside(double x, double y, double centreX, double centreY, double width, double height)
    {
        var (dx, dy) = ((x - centreX) / width, (y - centreY) / height);
        return dx * dx + dy * dy <= 1;
    }
}
