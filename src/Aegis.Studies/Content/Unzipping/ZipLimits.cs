namespace Aegis.Studies.Content.Unzipping;

/// <summary>
/// The limits of one uploaded archive. A blank image can compress a thousandfold, so the ratio is checked over the whole
/// archive and only beyond <see cref="RatioAllowance"/>.
/// </summary>
internal sealed record ZipLimits
{
    public int MaxEntries { get; init; } = 100_000;
    public long MaxEntryBytes { get; init; } = 8L << 30;
    public long MaxTotalBytes { get; init; } = 64L << 30;
    public int MaxRatio { get; init; } = 100;
    public long RatioAllowance { get; init; } = 64L << 20;
}
