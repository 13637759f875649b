using Aegis.Kernel;
using Aegis.Kernel.Work;
using Microsoft.Extensions.Configuration;

namespace Aegis.Webhooks;

/// <summary>What an installation may set about webhooks; section <c>Webhooks</c> of the configuration.</summary>
internal sealed record WebhooksOptions
{
    /// <summary>Endpoints of one organization: each event of it is a delivery for each of them.</summary>
    public int MostEndpoints { get; init; } = 50;

    /// <summary>How long a receiver may take until the headers of its answer.</summary>
    public double TimeoutSeconds { get; init; } = 15;

    /// <summary>Deliveries on their way to one endpoint at the same time, while it answers.</summary>
    public int PerEndpoint { get; init; } = 8;

    /// <summary>
    /// Deliveries on their way from one host at the same time to endpoints that fail or are slow. Those that answer have a quarter as many
    /// places of their own.
    /// </summary>
    public int MostAtOnce { get; init; } = 1024;

    /// <summary>How long a host has an endpoint for itself; another one goes on when it is not heard of for so long.</summary>
    public double LeaseSeconds { get; init; } = 15;

    /// <summary>How long events, deliveries and attempts are kept.</summary>
    public int KeptDays { get; init; } = 30;

    public TimeSpan Timeout => TimeSpan.FromSeconds(TimeoutSeconds);

    public RowLease Lease => new(TimeSpan.FromSeconds(LeaseSeconds));

    public TimeSpan Kept => TimeSpan.FromDays(KeptDays);

    /// <exception cref="StartRefusedException">A value makes no sense; the message names its key.</exception>
    public static WebhooksOptions From(IConfiguration configuration)
    {
        var options = configuration.GetSection("Webhooks").Get<WebhooksOptions>() ?? new WebhooksOptions();
        Require(options.MostEndpoints is >= 1 and <= 10_000, "Webhooks:MostEndpoints must be between 1 and 10000.");
        Require(options.TimeoutSeconds is >= 0.1 and <= 60, "Webhooks:TimeoutSeconds must be between 0.1 and 60.");
        Require(options.PerEndpoint is >= 1 and <= 64, "Webhooks:PerEndpoint must be between 1 and 64.");
        Require(options.MostAtOnce is >= 4 and <= 16_384, "Webhooks:MostAtOnce must be between 4 and 16384.");
        Require(options.LeaseSeconds is >= 0.5 and <= 600, "Webhooks:LeaseSeconds must be between 0.5 and 600.");
        Require(options.KeptDays is >= 7 and <= 366,
            "Webhooks:KeptDays must be between 7 and 366: attempts go on for more than three days.");
        return options;
    }

    private static void Require(bool holds, string message)
    {
        if (!holds) throw new StartRefusedException(message);
    }
}
