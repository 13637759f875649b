using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Studies;

/// <summary>The settings of the exchange of studies; section <c>Studies</c> of the configuration.</summary>
internal sealed record StudiesOptions
{
    /// <summary>How long a request stays open without an answer.</summary>
    public int RequestLifetimeDays { get; init; } = 14;

    /// <summary>Largest body of one fulfil call.</summary>
    public long MaxUploadBytes { get; init; } = 20L << 30;

    /// <summary>Longest time that one fulfil call may take.</summary>
    public double MaxUploadHours { get; init; } = 6;

    /// <summary>Longest time without a byte. A sender that lost power must not block the request for hours.</summary>
    public int MaxUploadSilenceSeconds { get; init; } = 90;

    /// <summary>Maximum number of files in one upload. More than any study has; each costs memory until the end of the upload.</summary>
    public int MaxFiles { get; init; } = 100_000;

    /// <summary>Maximum number of series in one study. More than any study has; each makes the metadata longer.</summary>
    public int MaxSeries { get; init; } = 2000;

    /// <summary>Largest size of one upload once its archives are unpacked.</summary>
    public long MaxUnpackedBytes { get; init; } = 64L << 30;

    public TimeSpan RequestLifetime => TimeSpan.FromDays(RequestLifetimeDays);

    public TimeSpan MaxUploadSilence => TimeSpan.FromSeconds(MaxUploadSilenceSeconds);

    public TimeSpan MaxUploadTime => TimeSpan.FromHours(MaxUploadHours);

    /// <exception cref="StartRefusedException">A value is out of range. The message names its key.</exception>
    public static StudiesOptions From(IConfiguration configuration)
    {
        var options = configuration.GetSection("Studies").Get<StudiesOptions>() ?? new StudiesOptions();
        Require(options.RequestLifetimeDays is >= 1 and <= 365, "Studies:RequestLifetimeDays must be between 1 and 365.");
        Require(options.MaxUploadBytes >= 1, "Studies:MaxUploadBytes must be 1 or more.");
        Require(options.MaxUploadHours is > 0 and <= 168, "Studies:MaxUploadHours must be more than 0 and at most 168.");
        Require(options.MaxUploadSilenceSeconds is >= 1 and <= 3600, "Studies:MaxUploadSilenceSeconds must be between 1 and 3600.");
        Require(options.MaxFiles >= 1, "Studies:MaxFiles must be 1 or more.");
        Require(options.MaxSeries >= 1, "Studies:MaxSeries must be 1 or more.");
        Require(options.MaxUnpackedBytes >= 1, "Studies:MaxUnpackedBytes must be 1 or more.");
        return options;
    }

    private static void Require(bool isValid, string message)
    {
        if (!isValid) throw new StartRefusedException(message);
    }
}
