using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Aegis.Auth.Sessions.V1;
using Microsoft.AspNetCore.HttpOverrides;

namespace Aegis.Auth.Access.Sessions;

/// <summary>The facts about the connection of a session. They are stored sealed. Null means unknown.</summary>
/// <param name="At">When it was observed.</param>
/// <param name="DeviceId">The client's name for its device.</param>
/// <param name="DeviceFingerprint">A fingerprint of the device, made by the client.</param>
/// <param name="Address">Remote address.</param>
/// <param name="Country">Two capital letters.</param>
/// <param name="Region">As the gateway states it.</param>
/// <param name="City">As the gateway states it.</param>
/// <param name="Asn">The autonomous system, for example <c>AS64500</c>.</param>
/// <param name="Position">Its location.</param>
internal sealed partial record ConnectionFacts(
    DateTimeOffset At,
    string? DeviceId,
    string? DeviceFingerprint,
    string? Address,
    string? Country,
    string? Region,
    string? City,
    string? Asn,
    Position? Position)
{
    private static readonly TimeSpan MaxReportAge = TimeSpan.FromHours(24);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(5);

    /// <summary>Facts of which only the time is known.</summary>
    public static ConnectionFacts None(DateTimeOffset now) => new(now, null, null, null, null, null, null, null, null);

    /// <summary>The facts that the client states, if it has <c>session:assert</c>; otherwise those of this connection.</summary>
    public static ConnectionFacts Of(
        HttpContext http, Caller caller, CreateSessionRequest request, SessionOptions options, DateTimeOffset now)
    {
        var signal = request.RiskSignal ?? new RiskSignal();
        var device = (NullIfBlank(request.DeviceId), NullIfBlank(signal.DeviceFingerprint));
        return caller.Has(Scopes.SessionAssert) ? Stated(signal, device, now) : FromRequest(http, device, options, now);
    }

    /// <summary>The facts of this connection.</summary>
    public static ConnectionFacts FromRequest(HttpContext http, SessionOptions options, DateTimeOffset now) =>
        FromRequest(http, (null, null), options, now);

    private static ConnectionFacts Stated(RiskSignal signal, (string? Id, string? Fingerprint) device, DateTimeOffset now) => new(
        Observed(signal.OccurredAtUnix, now), device.Id, device.Fingerprint,
        IPAddress.TryParse(signal.Ip, out var address) ? address.ToString() : null,
        CountryOf(signal.CountryCode), NullIfBlank(signal.Region), NullIfBlank(signal.City), AsnOf(signal.Asn),
        signal is { Latitude: 0, Longitude: 0 } ? null : new Position(signal.Latitude, signal.Longitude));

    private static ConnectionFacts FromRequest(
        HttpContext http, (string? Id, string? Fingerprint) device, SessionOptions options, DateTimeOffset now)
    {
        // UseTrustedForwarding keeps this header only if a trusted proxy sent the request.
        var proxied = http.Request.Headers.ContainsKey(ForwardedHeadersDefaults.XOriginalForHeaderName);
        string? Header(string? name) => proxied && name is not null && http.Request.Headers[name] is [{ } value] ? value : null;
        return new ConnectionFacts(
            now, device.Id, device.Fingerprint, http.Connection.RemoteIpAddress?.ToString(),
            CountryOf(Header(options.CountryHeader)), Region: null, City: null, AsnOf(Header(options.AsnHeader)), Position: null);
    }

    /// <summary>The reported time if it is within the last day, otherwise now.</summary>
    private static DateTimeOffset Observed(long unix, DateTimeOffset now) =>
        unix >= (now - MaxReportAge).ToUnixTimeSeconds() && unix <= (now + ClockSkew).ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(unix)
            : now;

    private static string? NullIfBlank(string text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    /// <summary>Proxies send XX for an unknown country.</summary>
    private static string? CountryOf(string? text) =>
        text is not null && CountryShape().IsMatch(text) && text.ToUpperInvariant() is not "XX" and var country ? country : null;

    private static string? AsnOf(string? text) =>
        text is not null && AsnShape().Match(text) is { Success: true } match
            && uint.TryParse(match.Groups[1].Value, CultureInfo.InvariantCulture, out var number) && number > 0
            ? $"AS{number}"
            : null;

    [GeneratedRegex(@"\A[A-Za-z]{2}\z")]
    private static partial Regex CountryShape();

    [GeneratedRegex(@"\A(?:[Aa][Ss])?([0-9]{1,10})\z")]
    private static partial Regex AsnShape();
}
