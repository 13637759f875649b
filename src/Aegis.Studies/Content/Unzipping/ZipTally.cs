namespace Aegis.Studies.Content.Unzipping;

/// <summary>Counts the entries and bytes of an archive against its limits, and keeps the sums that its directory must match.</summary>
internal sealed class ZipTally(ZipLimits limits)
{
    private long bytes;

    public int Entries { get; private set; }

    public uint CrcSum { get; private set; }

    public long SizeSum { get; private set; }

    public void BeginEntry(ZipLocalHeader header)
    {
        if (++Entries > limits.MaxEntries) throw ZipRefusals.TooManyEntries(limits.MaxEntries);
        if (!header.HasDescriptor && header.Size > limits.MaxEntryBytes) throw ZipRefusals.EntryTooLarge(limits.MaxEntryBytes);
    }

    public void Count(int count, long ofEntry, long archivePosition)
    {
        bytes += count;
        if (ofEntry > limits.MaxEntryBytes) throw ZipRefusals.EntryTooLarge(limits.MaxEntryBytes);
        if (bytes > limits.MaxTotalBytes) throw ZipRefusals.TooLarge(limits.MaxTotalBytes);
        if (bytes > limits.RatioAllowance + archivePosition * limits.MaxRatio) throw ZipRefusals.Bomb(limits.MaxRatio);
    }

    public void EndEntry(uint crc, long size)
    {
        CrcSum += crc;
        SizeSum += size;
    }
}
