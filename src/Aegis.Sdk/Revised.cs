namespace Aegis.Sdk;

/// <summary>
/// A resource that others may change too. Pass <see cref="ETag"/> as <c>ifMatch</c>, and your change is refused with <c>412</c> if
/// somebody else changed the resource first.
/// </summary>
public abstract record Revised
{
    /// <summary>Identifies the state that was read; null in lists.</summary>
    [JsonIgnore]
    public string? ETag { get; internal set; }
}
