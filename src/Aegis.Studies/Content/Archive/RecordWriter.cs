using System.Buffers.Binary;

namespace Aegis.Studies.Content.Archive;

/// <summary>Writes little-endian fields one after the other.</summary>
internal ref struct RecordWriter(Span<byte> record)
{
    private readonly Span<byte> record = record;

    public int Written { get; private set; }

    public void U16(int value) => BinaryPrimitives.WriteUInt16LittleEndian(Next(2), (ushort)value);

    public void U32(long value) => BinaryPrimitives.WriteUInt32LittleEndian(Next(4), (uint)value);

    public void U64(long value) => BinaryPrimitives.WriteInt64LittleEndian(Next(8), value);

    public void Bytes(scoped ReadOnlySpan<byte> value) => value.CopyTo(Next(value.Length));

    private Span<byte> Next(int size)
    {
        var field = record.Slice(Written, size);
        Written += size;
        return field;
    }
}
