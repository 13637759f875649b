namespace Aegis.Auth.Access.Sessions.Risk;

/// <summary>A position on earth in degrees.</summary>
internal readonly record struct Position(double Latitude, double Longitude)
{
    private const double EarthRadiusKm = 6371.0088; // mean radius (IUGG)

    /// <summary>The great-circle distance between two positions, by the haversine formula.</summary>
    public double KilometresTo(Position other)
    {
        var (here, there) = (double.DegreesToRadians(Latitude), double.DegreesToRadians(other.Latitude));
        var north = Math.Sin((there - here) / 2);
        var east = Math.Sin(double.DegreesToRadians(other.Longitude - Longitude) / 2);
        var chord = (north * north) + (Math.Cos(here) * Math.Cos(there) * east * east);
        return 2 * EarthRadiusKm * Math.Asin(Math.Min(1, Math.Sqrt(chord)));
    }
}

/// <summary>What is known about one connection of a user. Null means unknown.</summary>
/// <param name="At">When it was observed.</param>
/// <param name="Device">Keyed fingerprint of the device.</param>
/// <param name="Country">Two capital letters.</param>
/// <param name="Asn">The autonomous system, for example <c>AS64500</c>.</param>
/// <param name="Position">Its location.</param>
internal sealed record RiskFacts(DateTimeOffset At, string? Device, string? Country, string? Asn, Position? Position);

/// <summary>What is known about the earlier connections of a user.</summary>
/// <param name="Seen">Trusted connections of the last 90 days.</param>
/// <param name="WrongCodes">How many one-time codes in a row were wrong, if the last one was within an hour.</param>
/// <param name="WrongSecrets">How often keys of the user were presented with a wrong secret, if the last time was within an hour.</param>
internal sealed record RiskHistory(IReadOnlyList<RiskFacts> Seen, int WrongCodes, int WrongSecrets = 0)
{
    public static readonly RiskHistory None = new([], 0);
}
