namespace Aegis.Dicom.Deidentification;

/// <summary>What must be remembered within one item: whose code it holds, and who owns which private block.</summary>
internal sealed class ItemScope
{
    private const int MostCodeBytes = 64; // sixteen characters in any encoding

    private readonly byte[] _codeValue = new byte[MostCodeBytes];
    private int _codeBytes = -1;
    private List<(uint Block, string Creator)>? _privateBlocks;

    /// <summary>The item's code is of a public scheme, so its meaning may stay.</summary>
    public bool HasPublicScheme { get; set; }

    /// <summary>A Code Value waits for its scheme, which decides about it and comes after it.</summary>
    public bool HoldsCode => _codeBytes >= 0;

    public void Reset()
    {
        HasPublicScheme = false;
        _codeBytes = -1;
        _privateBlocks?.Clear();
    }

    public bool TryHold(ReadOnlySpan<byte> codeValue)
    {
        if (codeValue.Length > MostCodeBytes) return false;
        codeValue.CopyTo(_codeValue);
        _codeBytes = codeValue.Length;
        return true;
    }

    public ReadOnlySpan<byte> TakeCode()
    {
        var code = _codeValue.AsSpan(0, _codeBytes);
        _codeBytes = -1;
        return code;
    }

    public void Reserve(uint creatorTag, string creator) => (_privateBlocks ??= []).Add((Block(creatorTag & 0xFFFF_0000, creatorTag << 8), creator));

    public string? CreatorOf(uint tag) => _privateBlocks?.Find(x => x.Block == (tag & 0xFFFF_FF00)).Creator;

    private static uint Block(uint group, uint element) => group | (element & 0xFF00);
}
