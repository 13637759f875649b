using Aegis.Kernel;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace Aegis.Webhooks;

/// <summary>Settings of webhooks; section <c>Webhooks</c> of the configuration.</summary>
internal sealed record WebhooksOptions
{
    /// <summary>Maximum number of endpoints of one organization. Every event is delivered to each of them that subscribes to it.</summary>
    public int MostEndpoints { get; init; } = 50;

    /// <summary>Timeout for the headers of a receiver's answer.</summary>
    public double TimeoutSeconds { get; init; } = 15;

    /// <summary>Maximum number of attempts at once to one endpoint that answers.</summary>
    public int PerEndpoint { get; init; } = 8;

    /// <summary>
    /// Maximum number of attempts at once on one host to endpoints that fail or are slow. Endpoints that answer quickly have a quarter of
    /// this number in addition.
    /// </summary>
    public int MostAtOnce { get; init; } = 1024;

    /// <summary>How long a host's lease of an endpoint lasts. If the host does not renew it, another host takes over.</summary>
    public double LeaseSeconds { get; init; } = 15;

    /// <summary>How many days events, deliveries and attempts are kept.</summary>
    public int KeptDays { get; init; } = 30;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public RowLease Lease => new(TimeSpan.FromSeconds(LeaseSeconds));

    public TimeSpan Kept => TimeSpan.FromDays(KeptDays);

    /// <exception cref="StartRefusedException">A value is out of range; the message names its key.</exception>
    public static WebhooksOptions From(IConfiguration configuration)
    {
        var options = configuration.GetSection("Webhooks").Get<WebhooksOptions>() ?? new WebhooksOptions();
        Require(options.MostEndpoints is >= 1 and <= 10_000, "Webhooks:MostEndpoints must be between 1 and 10000.");
        Require(options.TimeoutSeconds is >= 0.1 and <= 60, "Webhooks:TimeoutSeconds must be between 0.1 and 60.");
        Require(options.PerEndpoint is >= 1 and <= 64, "Webhooks:PerEndpoint must be between 1 and 64.");
        Require(options.MostAtOnce is >= 4 and <= 16_384, "Webhooks:MostAtOnce must be between 4 and 16384.");
        Require(options.LeaseSeconds is >= 0.5 and <= 600, "Webhooks:LeaseSeconds must be between 0.5 and 600.");
        Require(options.KeptDays is >= 7 and <= 366,
            "Webhooks:KeptDays must be between 7 and 366. Attempts of one delivery can take more than three days.");
        return options;
    }

    private static void Require(bool isValid, string message)
    {
        if (!isValid) throw new StartRefusedException(message);
    }
}
