using System.Buffers.Binary;

namespace Aegis.Studies.Content.Unzipping;

/// <summary>The header before an entry. The reader checks every value of it. Show the name to the sender only.</summary>
internal readonly record struct ZipLocalHeader(
    bool IsDeflated, bool HasDescriptor, bool IsFolder, string Name, uint Crc32, long CompressedSize, long Size)
{
    private const int FixedSize = 30;
    private const int EncryptedFlags = 0x2041; // encrypted, strongly encrypted, masked headers
    private const int PatchFlag = 0x20;
    private const int DescriptorFlag = 0x08;
    private const int Stored = 0;
    private const int Deflated = 8;
    private const int AesMethod = 99;

    public static async ValueTask<ZipLocalHeader> Read(ZipSource source, CancellationToken ct)
    {
        await source.Need(FixedSize, ct);
        var (header, nameSize, extraSize) = ReadFixed(source.Buffered);
        source.Advance(FixedSize);

        await source.Need(nameSize, ct);
        var isFolder = ZipEntryName.IsFolder(source.Buffered[..nameSize]);
        var name = ZipEntryName.Show(source.Buffered[..nameSize]);
        source.Advance(nameSize);

        await source.Need(extraSize, ct);
        var (size, compressed) = ZipExtra.Sizes(source.Buffered[..extraSize], header.Size, header.CompressedSize);
        source.Advance(extraSize);

        header = header with { IsFolder = isFolder, Name = name, Size = size, CompressedSize = compressed };
        header.Check();
        return header;
    }

    private static (ZipLocalHeader Header, int NameSize, int ExtraSize) ReadFixed(ReadOnlySpan<byte> bytes)
    {
        var flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        var method = BinaryPrimitives.ReadUInt16LittleEndian(bytes[8..]);
        if ((flags & EncryptedFlags) != 0 || method == AesMethod) throw ZipRefusals.Encrypted();
        if ((flags & PatchFlag) != 0 || method is not (Stored or Deflated)) throw ZipRefusals.Unsupported();

        var header = new ZipLocalHeader(
            method == Deflated,
            (flags & DescriptorFlag) != 0,
            IsFolder: false,
            Name: "",
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[14..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[18..]),
            BinaryPrimitives.ReadUInt32LittleEndian(bytes[22..]));
        return (header, BinaryPrimitives.ReadUInt16LittleEndian(bytes[26..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[28..]));
    }

    private void Check()
    {
        if (!IsDeflated && HasDescriptor && (!IsFolder || CompressedSize != 0)) throw ZipRefusals.NotStreamable();
        if (!IsDeflated && CompressedSize != Size) throw ZipRefusals.Invalid("a stored entry has two sizes");
    }
}
