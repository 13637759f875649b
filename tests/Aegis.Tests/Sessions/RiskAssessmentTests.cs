using Aegis.Auth.Access.Sessions.Risk;

namespace Aegis.Tests.Sessions;

public sealed class RiskAssessmentTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddYears(60);
    private static readonly Position Berlin = new(52.52, 13.405);
    private static readonly Position Paris = new(48.8566, 2.3522);
    private static readonly RiskFacts Home = new(Now.AddDays(-1), "laptop", "DE", "AS64500", Berlin);

    [Theory]
    [InlineData("laptop", "DE", "AS64500", "", 0)]
    [InlineData("phone", "DE", "AS64500", "new_device", 30)]
    [InlineData(null, "DE", "AS64500", "new_device", 30)]
    [InlineData("laptop", "FR", "AS64500", "new_country", 30)]
    [InlineData("laptop", null, "AS64500", "", 0)]
    [InlineData("laptop", "DE", "AS64501", "new_asn", 15)]
    [InlineData("laptop", "DE", null, "", 0)]
    [InlineData("phone", "FR", "AS64500", "new_device new_country", 60)]
    [InlineData("phone", "FR", "AS64501", "new_device new_country new_asn", 75)]
    [InlineData("phone", "DE", "AS64501", "new_device new_asn", 45)]
    public void A_new_device_country_or_network_adds_its_points(string? device, string? country, string? asn, string reasons, int score)
    {
        var risk = RiskAssessment.Of(new RiskFacts(Now, device, country, asn, null), new RiskHistory([Home], 0));

        Words(risk).Should().Be(reasons);
        risk.Score.Should().Be(score);
    }

    [Fact]
    public void The_first_connection_of_a_user_has_no_risk() =>
        RiskAssessment.Of(new RiskFacts(Now, null, "FR", "AS1", Paris), RiskHistory.None)
            .Should().BeEquivalentTo(new RiskAssessment(0, []));

    [Fact]
    public void A_fact_that_was_never_known_adds_no_points() =>
        RiskAssessment.Of(Home with { At = Now }, new RiskHistory([new RiskFacts(Now.AddDays(-1), null, null, null, null)], 0)).Score
            .Should().Be(0);

    [Fact]
    public void Any_earlier_value_counts_as_known() =>
        RiskAssessment.Of(Home with { At = Now, Position = null }, new RiskHistory([new(Now, "phone", "FR", "AS1", null), Home], 0)).Score
            .Should().Be(0);

    [Fact]
    public void Distances_are_great_circles()
    {
        Berlin.KilometresTo(Paris).Should().BeApproximately(877.5, 1);
        new Position(0, 0).KilometresTo(new Position(0, 180)).Should().BeApproximately(20_015, 1);
        new Position(0, 179.5).KilometresTo(new Position(0, -179.5)).Should().BeApproximately(111.2, 0.1);
        Berlin.KilometresTo(Berlin).Should().Be(0);
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(1, false)]
    public void More_than_900_kilometres_an_hour_is_too_fast(int seconds, bool fast)
    {
        var needed = TimeSpan.FromHours(Berlin.KilometresTo(Paris) / 900);
        var past = new RiskHistory([Home with { At = Now - needed - TimeSpan.FromSeconds(seconds) }], 0);

        var risk = RiskAssessment.Of(Home with { At = Now, Position = Paris }, past);

        Words(risk).Should().Be(fast ? "fast_travel" : "");
        risk.Score.Should().Be(fast ? 60 : 0);
    }

    [Theory]
    [InlineData(0.8, false)] // 89 km north
    [InlineData(0.95, true)] // 106 km
    public void Distances_below_100_kilometres_are_not_travel(double north, bool fast)
    {
        var moved = Berlin with { Latitude = Berlin.Latitude + north };

        var risk = RiskAssessment.Of(Home with { At = Now, Position = moved }, new RiskHistory([Home with { At = Now }], 0));

        Words(risk).Should().Be(fast ? "fast_travel" : "");
    }

    [Fact]
    public void Travel_starts_at_the_last_known_position()
    {
        var past =
            new RiskHistory([new(Now, "laptop", "DE", "AS64500", null), Home, Home with { At = Now.AddMinutes(-1), Position = Paris }], 0);

        RiskAssessment.Of(Home with { At = Now, Position = Paris }, past).Score.Should().Be(0);
        Words(RiskAssessment.Of(Home with { At = Now, Position = Berlin }, past)).Should().Be("fast_travel");
    }

    [Fact]
    public void A_report_older_than_the_last_one_is_compared_too() =>
        Words(RiskAssessment.Of(Home with { At = Now, Position = Paris }, new RiskHistory([Home with { At = Now.AddMinutes(1) }], 0)))
            .Should().Be("fast_travel");

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 10)]
    [InlineData(4, 40)]
    [InlineData(5, 40)]
    public void Wrong_codes_count_up_to_four(int wrong, int score) =>
        RiskAssessment.Of(Home with { At = Now }, new RiskHistory([Home], wrong)).Score.Should().Be(score);

    [Theory]
    [InlineData(0, 30, "new_device")]
    [InlineData(30, 30, "new_device")]
    [InlineData(30.2, 31, "new_device client_score")]
    [InlineData(100, 100, "new_device client_score")]
    public void The_clients_score_can_only_raise_the_risk(double client, int score, string reasons)
    {
        var risk = RiskAssessment.Of(Home with { At = Now, Device = "phone" }, new RiskHistory([Home], 0), client);

        risk.Score.Should().Be(score);
        Words(risk).Should().Be(reasons);
        risk.Reasons.Sum(r => r.Points).Should().Be(score);
    }

    [Fact]
    public void The_highest_score_is_100() =>
        RiskAssessment.Of(new RiskFacts(Now, "phone", "FR", "AS1", Paris), new RiskHistory([Home with { At = Now }], 9), 50).Score
            .Should().Be(100);

    private static string Words(RiskAssessment risk) => string.Join(' ', risk.Reasons.Select(r => r.Reason));
}
