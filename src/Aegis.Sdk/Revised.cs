namespace Aegis.Sdk;

/// <summary>
/// Something that others may change too: pass <see cref="ETag"/> as <c>ifMatch</c>, and a change of what you have not seen is refused with
/// <c>412</c>.
/// </summary>
public abstract record Revised
{
    /// <summary>Names the state that was read; null in lists.</summary>
    [JsonIgnore]
    public string? ETag { get; internal set; }
}
