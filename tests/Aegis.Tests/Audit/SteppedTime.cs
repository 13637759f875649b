namespace Aegis.Tests.Audit;

/// <summary>A monotonic clock that the test moves.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private long ticks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => ticks;

    public void Step(TimeSpan by) => ticks += by.Ticks;
}
