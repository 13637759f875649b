using Aegis.Kernel;
using Microsoft.Extensions.Configuration;

namespace Aegis.Auth.Access.Sessions;

/// <summary>Which organizations may create sessions, and which facts and score the risk assessment uses.</summary>
/// <param name="AllowedOrganizations">The organizations whose callers may create sessions; empty for all.</param>
/// <param name="StepUpAt">The risk score, 1 to 100, from which a session needs a step-up.</param>
/// <param name="CountryHeader">The header in which a trusted proxy states the country of a connection, or null.</param>
/// <param name="AsnHeader">The header in which a trusted proxy states the autonomous system of a connection, or null.</param>
internal sealed record SessionOptions(IReadOnlySet<string> AllowedOrganizations, int StepUpAt, string? CountryHeader, string? AsnHeader)
{
    private const int DefaultStepUpAt = 60;

    /// <summary>Reads <c>Sessions:AllowedOrganizations</c>, <c>StepUpAt</c>, <c>CountryHeader</c> and <c>AsnHeader</c>.</summary>
    public static SessionOptions From(IConfiguration configuration)
    {
        var section = configuration.GetSection("Sessions");
        var stepUpAt = section.GetValue(nameof(StepUpAt), DefaultStepUpAt);
        if (stepUpAt is < 1 or > Risk.RiskAssessment.MaxScore)
            throw new StartRefusedException($"Sessions:StepUpAt must be between 1 and {Risk.RiskAssessment.MaxScore}.");

        var options = new SessionOptions(
            ReadList(section.GetSection(nameof(AllowedOrganizations))), stepUpAt,
            NullIfBlank(section[nameof(CountryHeader)]), NullIfBlank(section[nameof(AsnHeader)]));
        var proxies = configuration.GetSection("TrustedProxies").Get<string[]>() ?? [];
        if ((options.CountryHeader ?? options.AsnHeader) is not null && proxies.Length == 0)
        {
            throw new StartRefusedException(
                "Sessions:CountryHeader and AsnHeader are read from trusted proxies only. Set TrustedProxies too.");
        }
        return options;
    }

    private static string? NullIfBlank(string? header) => string.IsNullOrWhiteSpace(header) ? null : header.Trim();

    /// <summary>Reads a list, or one comma-separated text, as environment variables give it.</summary>
    private static HashSet<string> ReadList(IConfigurationSection section) =>
        (section.Get<string[]>() ?? section.Value?.Split(',') ?? [])
        .Select(o => o.Trim()).Where(o => o.Length > 0).ToHashSet(StringComparer.Ordinal);
}
