using System.Buffers.Binary;
using System.Text;

namespace Aegis.Cli.Login.Keyring;

/// <summary>Reads values as the D-Bus specification marshals them, little-endian. What lies outside the message is refused.</summary>
internal sealed class BusReader(byte[] bytes)
{
    private int at;

    public bool IsAtEnd => at >= bytes.Length;

    public BusReader Align(int to)
    {
        at = (at + to - 1) / to * to;
        return this;
    }

    public byte Byte() => Take(1)[0];

    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Align(4).Take(4));

    public string Text()
    {
        var text = Encoding.UTF8.GetString(Take(UInt32()));
        Take(1);
        return text;
    }

    public string Signature()
    {
        var text = Encoding.ASCII.GetString(Take(Byte()));
        Take(1);
        return text;
    }

    public byte[] Blob() => Take(UInt32()).ToArray();

    /// <summary>ao or as.</summary>
    public List<string> Texts()
    {
        var found = new List<string>();
        var end = EndOfArray(4);
        while (at < end) found.Add(Text());
        return found;
    }

    /// <summary>Where an array ends.</summary>
    public int EndOfArray(int alignment)
    {
        var length = UInt32();
        Align(alignment);
        if (length > bytes.Length - at) throw new IOException("The answer of the bus is damaged.");
        return at + (int)length;
    }

    public bool IsBefore(int end) => at < end;

    private ReadOnlySpan<byte> Take(uint count)
    {
        if (count > (uint)Math.Max(0, bytes.Length - at)) throw new IOException("The answer of the bus is damaged.");
        var taken = bytes.AsSpan(at, (int)count);
        at += (int)count;
        return taken;
    }
}
