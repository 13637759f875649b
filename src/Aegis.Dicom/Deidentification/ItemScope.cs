namespace Aegis.Dicom.Deidentification;

/// <summary>What must be remembered within one item: whose code it holds, its look-up tables, and who owns which private block.</summary>
internal sealed class ItemScope
{
    private const int MaxCreatorBytes = 64;

    private List<(uint Block, string Creator)>? privateBlocks;
    private LookupTables? tables;
    private WaveformFacts? waveform;

    /// <summary>The scheme of the item's code when it is a public one.</summary>
    public string? Scheme { get; set; }

    /// <summary>A Code Value waits for its scheme, which decides about it and comes after it.</summary>
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

    /// <summary>Takes note of a private creator; false for one that is on no list.</summary>
    public bool TryReserve(uint creatorTag, ReadOnlySpan<byte> value)
    {
        // Of a list of ours, so at most 64 characters; what is longer would carry more than the name.
        var creator = value.Length <= MaxCreatorBytes ? Encoding.Latin1.GetString(value).Trim(' ', '\0') : "";
        if (!AllowLists.IsSafeCreator(creator, creatorTag >> 16)) return false;
        (privateBlocks ??= []).Add((Block(creatorTag & 0xFFFF_0000, creatorTag << 8), creator));
        return true;
    }

    /// <summary>How a private element that is on the list is written; null for every other.</summary>
    public Vr? SafePrivate(uint tag, Vr vr) =>
        privateBlocks?.Find(x => x.Block == (tag & 0xFFFF_FF00)).Creator is { } creator && AllowLists.FindPrivate(creator, tag) is { } safe
            && (vr == safe.Vr || vr is Vr.UN) ? safe.Vr : null;

    private static uint Block(uint group, uint element) => group | (element & 0xFF00);
}
