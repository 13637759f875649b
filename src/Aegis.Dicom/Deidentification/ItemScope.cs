namespace Aegis.Dicom.Deidentification;

/// <summary>The state of one item: its code and scheme, its look-up tables, and its private blocks with their creators.</summary>
internal sealed class ItemScope
{
    private const int MaxCreatorBytes = 64;

    private List<(uint Block, string Creator)>? privateBlocks;
    private LookupTables? tables;
    private WaveformFacts? waveform;

    /// <summary>The scheme of the item's code when it is public.</summary>
    public string? Scheme { get; set; }

    /// <summary>A Code Value that waits for its scheme, which follows it and decides whether it stays.</summary>
    public string? HeldCode { get; set; }

    /// <summary>The Code Value that stayed.</summary>
    public string? Code { get; set; }

    public LookupTables Tables => tables ??= new();

    public WaveformFacts Waveform => waveform ??= new();

    public void Reset()
    {
        (Scheme, HeldCode, Code) = (null, null, null);
        privateBlocks?.Clear();
        tables?.Clear();
        waveform = null;
    }

    /// <summary>Records a private creator; false when no list contains it.</summary>
    public bool TryReserve(uint creatorTag, ReadOnlySpan<byte> value)
    {
        // Listed creators have at most 64 characters. A longer value could carry more than the name.
        var creator = value.Length <= MaxCreatorBytes ? Encoding.Latin1.GetString(value).Trim(' ', '\0') : "";
        if (!AllowLists.IsSafeCreator(creator, creatorTag >> 16)) return false;
        (privateBlocks ??= []).Add((Block(creatorTag & 0xFFFF_0000, creatorTag << 8), creator));
        return true;
    }

    /// <summary>The representation of a listed private element; null when the list does not contain it.</summary>
    public Vr? SafePrivate(uint tag, Vr vr) =>
        privateBlocks?.Find(x => x.Block == (tag & 0xFFFF_FF00)).Creator is { } creator && AllowLists.FindPrivate(creator, tag) is { } safe
            && (vr == safe.Vr || vr is Vr.UN) ? safe.Vr : null;

    private static uint Block(uint group, uint element) => group | (element & 0xFF00);
}
