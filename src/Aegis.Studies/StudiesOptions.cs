using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Studies;

/// <summary>What an installation may set about the exchange of studies; section <c>Studies</c> of the configuration.</summary>
internal sealed record StudiesOptions
{
    /// <summary>How long a request waits for an answer.</summary>
    public int RequestLifetimeDays { get; init; } = 14;

    /// <summary>Largest body of one fulfil call.</summary>
    public long MaxUploadBytes { get; init; } = 20L << 30;

    /// <summary>Longest time that one fulfil call may take.</summary>
    public double MaxUploadHours { get; init; } = 6;

    /// <summary>Longest time without a byte: a sender that lost its power must not keep the request for hours.</summary>
    public int MaxUploadSilenceSeconds { get; init; } = 90;

    /// <summary>Most files of one upload, which is more than any study has; each costs memory until the end.</summary>
    public int MaxFiles { get; init; } = 100_000;

    /// <summary>Most series of one study, which is more than any has; each costs room in the metadata.</summary>
    public int MaxSeries { get; init; } = 2000;

    /// <summary>Largest size of one upload once its archives are unpacked.</summary>
    public long MaxUnpackedBytes { get; init; } = 64L << 30;

    public TimeSpan RequestLifetime => TimeSpan.FromDays(RequestLifetimeDays);

    public TimeSpan MaxUploadSilence => TimeSpan.FromSeconds(MaxUploadSilenceSeconds);

    public TimeSpan MaxUploadTime => TimeSpan.FromHours(MaxUploadHours);

    /// <exception cref="StartRefusedException">A value makes no sense; the message names its key.</exception>
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

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new StartRefusedException(message);
    }
}
