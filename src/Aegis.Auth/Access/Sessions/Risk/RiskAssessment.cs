namespace Aegis.Auth.Access.Sessions.Risk;

/// <summary>One reason for a risk, with its points.</summary>
/// <param name="Reason">A reason code of docs/sessions.md.</param>
/// <param name="Points">The points it adds; for <c>client_score</c>, the points by which it raises the sum.</param>
internal sealed record RiskReason(string Reason, int Points);

/// <summary>
/// The risk of a connection, from 0 to 100: the sum of the points of its reasons. The table is in docs/sessions.md.
/// </summary>
internal sealed record RiskAssessment(int Score, IReadOnlyList<RiskReason> Reasons)
{
    public const int MaxScore = 100;

    public static readonly RiskAssessment None = new(0, []);

    public const int NewDevicePoints = 30;
    public const int NewCountryPoints = 30;
    public const int NewAsnPoints = 15;
    public const int FastTravelPoints = 60;
    public const int WrongCodePoints = 10;
    public const int WrongCodesCounted = 4;

    /// <summary>Few points, so that alone they never require a step-up: anyone who has seen the id of a key can cause them.</summary>
    public const int WrongSecretPoints = 5;
    public const int WrongSecretsCounted = 4;

    /// <summary>Faster than an airliner.</summary>
    public const double FastestKmPerHour = 900;

    /// <summary>Positions derived from IP addresses are this inaccurate, so a shorter distance is not travel.</summary>
    public const double MinJourneyKm = 100;

    /// <summary>
    /// Compares <paramref name="now"/> with <paramref name="history"/>. The first connection of a user is trusted, because there is nothing
    /// to compare it with. A fact that is unknown now, or was never known, adds no points. The exception is a missing device name.
    /// </summary>
    /// <param name="now">The connection.</param>
    /// <param name="history">The user's earlier connections.</param>
    /// <param name="clientScore">The score of the client; it can only raise the result.</param>
    public static RiskAssessment Of(RiskFacts now, RiskHistory history, double clientScore = 0)
    {
        var reasons = new List<RiskReason>();
        if (IsNew(now.Device, history, f => f.Device, unnamedIsNew: true)) reasons.Add(new("new_device", NewDevicePoints));
        if (IsNew(now.Country, history, f => f.Country)) reasons.Add(new("new_country", NewCountryPoints));
        if (IsNew(now.Asn, history, f => f.Asn)) reasons.Add(new("new_asn", NewAsnPoints));
        if (TravelledTooFast(now, history)) reasons.Add(new("fast_travel", FastTravelPoints));
        if (history.WrongCodes > 0) reasons.Add(new("wrong_codes", WrongCodePoints * Math.Min(history.WrongCodes, WrongCodesCounted)));
        if (history.WrongSecrets > 0)
            reasons.Add(new("wrong_secrets", WrongSecretPoints * Math.Min(history.WrongSecrets, WrongSecretsCounted)));

        var score = Math.Min(MaxScore, reasons.Sum(r => r.Points));
        var claimed = (int)Math.Ceiling(Math.Clamp(clientScore, 0, MaxScore));
        if (claimed > score) reasons.Add(new("client_score", claimed - score));
        return new RiskAssessment(Math.Max(score, claimed), reasons);
    }

    private static bool IsNew(string? value, RiskHistory history, Func<RiskFacts, string?> member, bool unnamedIsNew = false)
    {
        var known = history.Seen.Select(member).OfType<string>().ToHashSet(StringComparer.Ordinal);
        return known.Count > 0 && (value is null ? unnamedIsNew : !known.Contains(value));
    }

    /// <summary>Compares with the last position. The time between the two counts even if the clock was set back.</summary>
    private static bool TravelledTooFast(RiskFacts now, RiskHistory history)
    {
        if (now.Position is not { } here) return false;
        if (history.Seen.Where(f => f.Position is not null).MaxBy(f => f.At) is not { Position: { } there } last) return false;

        var kilometres = there.KilometresTo(here);
        var hours = (now.At - last.At).Duration().TotalHours;
        return kilometres >= MinJourneyKm && kilometres > FastestKmPerHour * hours;
    }
}
