namespace Aegis.Benchmarks.Report;

/// <summary>One line of the table. What does not apply is empty.</summary>
/// <param name="Id">P1 to P9.</param>
/// <param name="What">The operation.</param>
/// <param name="Figure">What was measured, with its unit.</param>
internal sealed record Row(string Id, string What, string Figure)
{
    /// <summary>What it is compared with.</summary>
    public string Ceiling { get; init; } = "";

    public double? Ratio { get; init; }

    public string Target { get; init; } = "";

    /// <summary>Whether the target is reached; null where there is none.</summary>
    public bool? Met { get; init; }

    /// <summary>p50 / p99 in milliseconds.</summary>
    public string Latency { get; init; } = "";

    /// <summary>Processor time of the server process.</summary>
    public string Cpu { get; init; } = "";

    public string Memory { get; init; } = "";
}
