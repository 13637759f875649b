using System.Runtime.InteropServices;

namespace Aegis.Dicom.Part10;

/// <summary>Swaps the bytes of a value's numbers in place (PS3.5 7.3). An incomplete number at the end stays.</summary>
internal static class ByteOrder
{
    /// <param name="value">Bytes of the reader's window, which are not read again.</param>
    /// <param name="width">2, 4 or 8.</param>
    public static void Swap(ReadOnlyMemory<byte> value, int width)
    {
        var bytes = MemoryMarshal.AsMemory(value).Span;
        if (width == sizeof(ushort)) Reverse(MemoryMarshal.Cast<byte, ushort>(bytes));
        else if (width == sizeof(uint)) Reverse(MemoryMarshal.Cast<byte, uint>(bytes));
        else Reverse(MemoryMarshal.Cast<byte, ulong>(bytes));
    }

    private static void Reverse(Span<ushort> numbers) => BinaryPrimitives.ReverseEndianness(numbers, numbers);

    private static void Reverse(Span<uint> numbers) => BinaryPrimitives.ReverseEndianness(numbers, numbers);

    private static void Reverse(Span<ulong> numbers) => BinaryPrimitives.ReverseEndianness(numbers, numbers);
}
