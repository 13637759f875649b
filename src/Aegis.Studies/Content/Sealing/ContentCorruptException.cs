namespace Aegis.Studies.Content.Sealing;

/// <summary>A sealed study is not what was written: a chunk does not authenticate or the file has another length.</summary>
internal sealed class ContentCorruptException(long chunk, Exception? inner = null)
    : Exception($"The sealed study is damaged at chunk {chunk}.", inner)
{
    public long Chunk { get; } = chunk;
}
