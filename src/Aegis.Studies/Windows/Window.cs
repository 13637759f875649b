namespace Aegis.Studies.Windows;

/// <summary>When a transfer may be opened: from the start until before the end.</summary>
internal readonly record struct Window(DateTimeOffset Start, DateTimeOffset End)
{
    public static readonly TimeSpan Default = TimeSpan.FromHours(72);
    public static readonly TimeSpan MinLength = TimeSpan.FromHours(1);
    public static readonly TimeSpan MaxLength = TimeSpan.FromDays(30);

    /// <summary>How long after the end the consumer can still acknowledge. Then a missing receipt is a dispute.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(24);

    public static Window Begin(DateTimeOffset start, TimeSpan length)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(length, MinLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, MaxLength);
        return new Window(start, start + length);
    }

    public bool HasEnded(DateTimeOffset now) => now >= End;
}
