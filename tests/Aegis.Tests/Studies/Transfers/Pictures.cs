using System.Globalization;

namespace Aegis.Tests.Studies.Transfers;

/// <summary>Stored instances of a chosen size.</summary>
internal static class Pictures
{
    /// <summary>An image with this number of bytes of native pixel data.</summary>
    public static byte[] Image(int pixelBytes, int frames = 1) => Part10File.Minimal()
        .Add(0x00280008, "IS", frames.ToString(CultureInfo.InvariantCulture)).Add(0x7FE00010, "OW", Noise(pixelBytes)).ToBytes();

    /// <summary>An image whose frames are one fragment each.</summary>
    public static byte[] Compressed(params int[] frames) => Part10File.Minimal(Part10File.Jpeg)
        .Add(0x00280008, "IS", frames.Length.ToString(CultureInfo.InvariantCulture)).Fragments([[], .. frames.Select(Noise)]).ToBytes();

    /// <summary>An instance of exactly this size without pixels, like a key object selection.</summary>
    public static byte[] KeyObject(int size)
    {
        var empty = Part10File.Minimal().Add(0x00420010, "ST", "").ToBytes();
        return Part10File.Minimal().Add(0x00420010, "ST", new string('k', size - empty.Length)).ToBytes();
    }

    /// <summary>The offset at which the pixels of an image begin. They end with the file.</summary>
    public static int PixelsAt(byte[] image, int pixelBytes) => image.Length - pixelBytes;

    private static byte[] Noise(int count) => new Seeded((ulong)count).Bytes(count);
}
