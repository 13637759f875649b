using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.Tenancy.Applications;

/// <summary>How applications are taken in.</summary>
/// <param name="MostWaiting">The most that wait for a decision at a time: strangers write these rows.</param>
internal sealed record ApplicationOptions(int MostWaiting)
{
    private const int DefaultMostWaiting = 1_000;

    /// <summary>Reads <c>Applications:MostWaiting</c>.</summary>
    public static ApplicationOptions From(IConfiguration configuration) =>
        configuration.GetValue("Applications:MostWaiting", DefaultMostWaiting) is >= 1 and var max
            ? new ApplicationOptions(max)
            : throw new StartRefusedException("Applications:MostWaiting must be 1 or more.");
}
