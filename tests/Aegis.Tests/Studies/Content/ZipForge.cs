using System.IO.Compression;
using System.IO.Hashing;
using Aegis.Studies.Content;

namespace Aegis.Tests.Studies.Content;

/// <summary>Writes valid and invalid zip archives, byte by byte.</summary>
internal sealed class ZipForge
{
    private readonly List<byte> bytes = [];
    private readonly List<byte[]> directory = [];

    public static byte[] Deflate(byte[] content, CompressionLevel level = CompressionLevel.Optimal)
    {
        if (content.Length == 0) return [3, 0]; // DeflateStream writes nothing at all

        using var packed = new MemoryStream();
        using (var deflate = new DeflateStream(packed, level, leaveOpen: true))
            deflate.Write(content);
        return packed.ToArray();
    }

    public ZipForge Stored(string name, byte[] content, int flags = 0, uint? crc = null, byte[]? extra = null) =>
        Entry(name, flags, method: 0, crc ?? Crc32.HashToUInt32(content), content, content.Length, extra: extra);

    public ZipForge Deflated(string name, byte[] content, uint? crc = null, long? size = null) =>
        Entry(name, 0, method: 8, crc ?? Crc32.HashToUInt32(content), Deflate(content), size ?? content.Length);

    /// <summary>A deflated entry whose sizes come after its data.</summary>
    public ZipForge Streamed(string name, byte[] content, bool signature = true, bool wide = false, uint? crc = null)
    {
        var packed = Deflate(content);
        var sum = crc ?? Crc32.HashToUInt32(content);
        Local(name, flags: 8, method: 8, 0, 0, 0, []);
        bytes.AddRange(packed);
        if (signature)
            Write(0x08074B50u);
        Write(sum);
        if (wide)
            Write((long)packed.Length, (long)content.Length);
        else
            Write((uint)packed.Length, (uint)content.Length);
        directory.Add(Central(name, 8, 8, sum, packed.Length, content.Length));
        return this;
    }

    public ZipForge Entry(
        string name, int flags, int method, uint crc, byte[] packed, long size, long? packedSize = null, byte[]? extra = null)
    {
        Local(name, flags, method, crc, (uint)(packedSize ?? packed.Length), (uint)size, extra ?? []);
        bytes.AddRange(packed);
        directory.Add(Central(name, flags, method, crc, packed.Length, size));
        return this;
    }

    public ZipForge Raw(params byte[] raw)
    {
        bytes.AddRange(raw);
        return this;
    }

    public byte[] Close(int? count = null, string comment = "", byte[]? behind = null, Action<List<byte[]>>? change = null)
    {
        change?.Invoke(directory);
        var start = bytes.Count;
        foreach (var record in directory)
            bytes.AddRange(record);
        var size = bytes.Count - start;
        Write(0x06054B50u, (ushort)0, (ushort)0, (ushort)(count ?? directory.Count), (ushort)(count ?? directory.Count), (uint)size,
            (uint)start, (ushort)comment.Length);
        bytes.AddRange(Encoding.UTF8.GetBytes(comment));
        bytes.AddRange(behind ?? []);
        return [.. bytes];
    }

    private void Local(string name, int flags, int method, uint crc, uint packed, uint size, byte[] extra)
    {
        Write(0x04034B50u, (ushort)20, (ushort)flags, (ushort)method, 0u, crc, packed, size, (ushort)Encoding.UTF8.GetByteCount(name),
            (ushort)extra.Length);
        bytes.AddRange(Encoding.UTF8.GetBytes(name));
        bytes.AddRange(extra);
    }

    private static byte[] Central(string name, int flags, int method, uint crc, long packed, long size) =>
        Fields(0x02014B50u, (ushort)20, (ushort)20, (ushort)flags, (ushort)method, 0u, crc, (uint)packed, (uint)size,
            (ushort)Encoding.UTF8.GetByteCount(name), (ushort)0, (ushort)0, (ushort)0, (ushort)0, 0u, 0u, Encoding.UTF8.GetBytes(name));

    private void Write(params object[] fields) => bytes.AddRange(Fields(fields));

    public static byte[] Fields(params object[] fields) => [.. fields.SelectMany(f => f switch
    {
        ushort v => BitConverter.GetBytes(v),
        uint v => BitConverter.GetBytes(v),
        long v => BitConverter.GetBytes(v),
        _ => (byte[])f,
    })];
}
