using System.Diagnostics.Metrics;

namespace Aegis.Kernel.Events;

/// <summary>Reports how far the relay is behind: <c>aegis.relay.lag</c>, the seconds since the oldest due event happened.</summary>
internal sealed class RelayMetrics
{
    private double lagSeconds;

    public RelayMetrics(IMeterFactory meters)
    {
        meters.Create(Telemetry.MeterName).CreateObservableGauge("aegis.relay.lag", () => Volatile.Read(ref lagSeconds), "s");
    }

    public void Observe(TimeSpan lag) => Volatile.Write(ref lagSeconds, Math.Max(0, lag.TotalSeconds));
}

/// <summary>The name of Aegis' meter.</summary>
public static class Telemetry
{
    public const string MeterName = "Aegis";
}
