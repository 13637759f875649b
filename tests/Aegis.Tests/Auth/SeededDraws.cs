namespace Aegis.Tests.Auth;

/// <summary>The same draws for the same seed, on every version of .NET (SplitMix64).</summary>
internal sealed class SeededDraws(ulong seed)
{
    private ulong state = seed;

    /// <summary>A number from 0 up to, but not including, the limit.</summary>
    public int Next(int limit)
    {
        var z = state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return (int)((z ^ (z >> 31)) % (ulong)limit);
    }
}
