using System.Diagnostics.Metrics;

namespace Aegis.Kernel.Events;

/// <summary>Shows how far the relay is behind: <c>aegis.relay.lag</c>, seconds since the oldest waiting event happened.</summary>
internal sealed class RelayMetrics
{
    private double lagSeconds;

    public RelayMetrics(IMeterFactory meters)
    {
        meters.Create(Telemetry.MeterName).CreateObservableGauge("aegis.relay.lag", () => Volatile.Read(ref lagSeconds), "s");
    }

    public void Observe(TimeSpan lag) => Volatile.Write(ref lagSeconds, Math.Max(0, lag.TotalSeconds));
}

/// <summary>Names under which Aegis emits its own telemetry.</summary>
public static class Telemetry
{
    public const string MeterName = "Aegis";
}
