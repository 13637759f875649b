using System.Buffers.Binary;
using System.Text;

namespace Aegis.Cli.Login.Keyring;

/// <summary>Writes values as the D-Bus specification marshals them, little-endian.</summary>
internal sealed class BusWriter
{
    private readonly List<byte> bytes = [];

    public int Length => bytes.Count;

    public byte[] ToArray() => [.. bytes];

    public BusWriter Align(int to)
    {
        while (bytes.Count % to != 0) bytes.Add(0);
        return this;
    }

    public BusWriter Byte(byte value)
    {
        bytes.Add(value);
        return this;
    }

    public BusWriter UInt32(uint value)
    {
        Align(4);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, value);
        bytes.AddRange(four);
        return this;
    }

    public BusWriter Boolean(bool value) => UInt32(value ? 1u : 0u);

    /// <summary>A text or an object's path.</summary>
    public BusWriter Text(string value)
    {
        var utf8 = Encoding.UTF8.GetBytes(value);
        UInt32((uint)utf8.Length);
        bytes.AddRange(utf8);
        bytes.Add(0);
        return this;
    }

    public BusWriter Signature(string value)
    {
        bytes.Add((byte)value.Length);
        bytes.AddRange(Encoding.ASCII.GetBytes(value));
        bytes.Add(0);
        return this;
    }

    public BusWriter Blob(ReadOnlySpan<byte> value)
    {
        UInt32((uint)value.Length);
        bytes.AddRange(value);
        return this;
    }

    /// <summary>An array: its length is that of its elements, without the padding before the first.</summary>
    public BusWriter Array(int alignment, Action<BusWriter> elements)
    {
        UInt32(0);
        var at = bytes.Count - 4;
        Align(alignment);
        var begin = bytes.Count;
        elements(this);
        Span<byte> four = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32LittleEndian(four, (uint)(bytes.Count - begin));
        for (var i = 0; i < 4; i++) bytes[at + i] = four[i];
        return this;
    }

    /// <summary>a{ss}.</summary>
    public BusWriter Texts(params IEnumerable<(string Name, string Value)> members) => Array(8, w =>
    {
        foreach (var (name, value) in members) w.Align(8).Text(name).Text(value);
    });
}
