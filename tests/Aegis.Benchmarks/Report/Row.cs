namespace Aegis.Benchmarks.Report;

/// <summary>One row of the table. Members that do not apply are empty.</summary>
/// <param name="Id">P1 to P9.</param>
/// <param name="What">The operation.</param>
/// <param name="Figure">The measured value with its unit.</param>
internal sealed record Row(string Id, string What, string Figure)
{
    /// <summary>The value it is compared with.</summary>
    public string Ceiling { get; init; } = "";

    public double? Ratio { get; init; }

    public string Target { get; init; } = "";

    /// <summary>Whether the target is reached; null if there is none.</summary>
    public bool? Met { get; init; }

    /// <summary>p50 / p99 in milliseconds.</summary>
    public string Latency { get; init; } = "";

    /// <summary>Processor time of the server process.</summary>
    public string Cpu { get; init; } = "";

    public string Memory { get; init; } = "";
}
