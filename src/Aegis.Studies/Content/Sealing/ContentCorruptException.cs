namespace Aegis.Studies.Content.Sealing;

/// <summary>A sealed study differs from what was written: a chunk does not authenticate, or the length of the file is wrong.</summary>
internal sealed class ContentCorruptException(long chunk, Exception? inner = null)
    : Exception($"The sealed study is damaged at chunk {chunk}.", inner)
{
    public long Chunk { get; } = chunk;
}
