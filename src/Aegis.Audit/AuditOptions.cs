using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Audit;

/// <summary>Settings of the audit log; section <c>Audit</c> of the configuration.</summary>
internal sealed record AuditOptions
{
    private const int MaxRetention = 36_525; // a century

    /// <summary>How many days entries are kept. Default: six years, two of which may be leap years.</summary>
    public int RetentionDays { get; init; } = 2_192;

    /// <summary>The file outside the database that checkpoints are appended to.</summary>
    public string CheckpointFile { get; init; } = "";

    /// <exception cref="StartRefusedException">A value is out of range; the message names its key.</exception>
    public static AuditOptions From(IConfiguration configuration, string dataDirectory)
    {
        var options = configuration.GetSection("Audit").Get<AuditOptions>() ?? new AuditOptions();
        if (options.RetentionDays is < 1 or > MaxRetention)
            throw new StartRefusedException($"Audit:RetentionDays must be between 1 and {MaxRetention}.");
        var file = Path.GetFullPath(options.CheckpointFile.Length > 0 ? options.CheckpointFile : "audit-checkpoints", dataDirectory);
        if (Directory.Exists(file)) throw new StartRefusedException("Audit:CheckpointFile is a folder. Enter the path of a file.");
        return options with { CheckpointFile = file };
    }
}
