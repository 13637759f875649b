using Aegis.Auth.People.Device;
using Aegis.Auth.Access.OAuth;
using Aegis.Auth.People.OAuthEndpoints;
using Aegis.Auth.Access.Sessions;
using Aegis.Auth.People.Logins;
using Aegis.Auth.People.Invitations;
using Aegis.Auth.People.Users;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;

namespace Aegis.Tests.Auth;

/// <summary>Every time limit of a login, one tick before it and at it.</summary>
public sealed class LoginTimesTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly Caller Person =
        new("cons_1", "usr_1", "P", null, "usr_1", null, new HashSet<string>(), null, null) { SessionId = "ses_1" };

    [Fact]
    public void A_device_grant_waits_ten_minutes()
    {
        Opened().Poll(Start + DeviceGrant.Lifetime - Tick)!.Error.Should().Be("authorization_pending");
        Opened().Poll(Start + DeviceGrant.Lifetime)!.Error.Should().Be("expired_token");
    }

    [Fact]
    public void Polling_one_second_early_is_tolerated()
    {
        var (early, tooEarly) = (Opened(), Opened());
        early.Poll(Start);
        tooEarly.Poll(Start);

        early.Poll(Start + TimeSpan.FromSeconds(4))!.Error.Should().Be("authorization_pending");
        tooEarly.Poll(Start + TimeSpan.FromSeconds(4) - Tick)!.Error.Should().Be("slow_down");
        tooEarly.Interval.Should().Be(10);
    }

    [Fact]
    public void The_call_that_returned_the_tokens_can_be_repeated_for_30_seconds()
    {
        var grant = Opened();
        grant.Approve(Person, Start);
        grant.Redeem("ses_2", Start);

        grant.Poll(Start + DeviceGrant.RepeatWithin - Tick).Should().BeNull();
        grant.Poll(Start + DeviceGrant.RepeatWithin)!.Error.Should().Be("invalid_grant");
    }

    [Fact]
    public void A_used_refresh_token_can_be_repeated_for_30_seconds()
    {
        var family = Begun();
        family.Use(0, Start).Should().BeTrue();

        family.Use(0, Start + RefreshFamily.RepeatWithin - Tick).Should().BeTrue();
        family.Current.Should().Be(1);
        family.Use(0, Start + RefreshFamily.RepeatWithin).Should().BeFalse();
    }

    [Fact]
    public void A_used_refresh_token_cannot_be_repeated_after_its_successor_was_used()
    {
        var family = Begun();
        family.Use(0, Start);
        family.Use(1, Start);

        family.Use(0, Start).Should().BeFalse();
    }

    [Fact]
    public void A_login_is_over_after_24_hours()
    {
        var login = Login();

        login.IsOver(Start + TimeSpan.FromHours(24) - Tick).Should().BeFalse();
        login.IsOver(Start + TimeSpan.FromHours(24)).Should().BeTrue();
    }

    [Fact]
    public void A_sign_in_is_recent_for_the_configured_time_after_the_login_or_the_last_proof()
    {
        var (login, recent) = (Login(), TimeSpan.FromMinutes(15));

        login.IsFresh(recent, Start + recent - Tick).Should().BeTrue();
        login.IsFresh(recent, Start + recent).Should().BeFalse();
        login.Prove("pwd", Start + TimeSpan.FromHours(1));
        login.IsFresh(recent, Start + TimeSpan.FromHours(1) + recent - Tick).Should().BeTrue();
        login.IsFresh(recent, Start + TimeSpan.FromHours(1) + recent).Should().BeFalse();
    }

    private static DeviceGrant Opened() =>
        DeviceGrant.Open("aegis-cli", new AskedScopes(null, OpenId: false), ([1], [2]), (null, null), Start);

    private static RefreshFamily Begun() => RefreshFamily.Begin(Login(), "aegis-cli", new AskedScopes(null, OpenId: false), [], Start);

    private static Session Login() =>
        Session.Login(User.Create("usr_1", "cons_1", "p@example.org", "P", role: null, Start), "aegis-cli", "pwd", _ => [], Start);
}
