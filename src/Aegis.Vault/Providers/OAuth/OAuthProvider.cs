using System.Net.Http.Headers;

namespace Aegis.Vault.Providers.OAuth;

/// <summary>
/// Access tokens of an OAuth 2.0 server (RFC 6749), by client credentials or by a refresh token. The server may replace the refresh token
/// with each use.
/// </summary>
internal sealed class OAuthProvider(ProviderCalls calls, OutboundPolicy policy, TimeProvider clock) : Provider
{
    private static readonly string[] Optional = ["scope", "audience"];
    private const long MaxSeconds = 100L * 366 * 24 * 3600;

    public override string Name => "oauth";

    public override ConfigShape Config => OAuthShape.Shape;

    public override void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
        foreach (var member in OAuthShape.Addresses)
        {
            if (config[member] is { } url
                && policy.Objection(new Uri(url.GetValue<string>()), OutboundPurpose.Vault, organizationId) is { } objection)
                errors.AddMember(member, objection);
        }
    }

    public override async Task<HeldValue> Create(Target target, Order order, CancellationToken ct)
    {
        var refreshes = Text(target, "grant") == OAuthShape.RefreshToken;
        var form = new Dictionary<string, string> { ["grant_type"] = Text(target, "grant")! };
        var refresh = refreshes ? RefreshTokenOf(order.Current) : null;
        if (refresh is not null) form["refresh_token"] = refresh;
        foreach (var name in Optional.Where(n => Text(target, n) is not null)) form[name] = Text(target, name)!;
        using var request = Authenticated(target, "token_url", form);
        var started = clock.GetUtcNow();
        // One access token too many does no harm. But when a used refresh token's successor is lost, the grant ends.
        var answer = await calls.Send(request, target.OrganizationId, changes: refreshes, ct);
        if (answer.Status != 200) throw Refused(answer, refreshes);
        var json = ProviderCalls.Json(answer);
        if (ProviderCalls.Text(json, "access_token") is not { Length: > 0 } token) throw new ProviderException(
            refreshes ? ProviderFault.InDoubt : ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            "The token endpoint answered without an access_token.");
        var expires = Seconds(json) is { } seconds ? started.AddSeconds(seconds) : (DateTimeOffset?)null;
        // no refresh_token means that the old one stays (RFC 6749, section 6)
        var successor = ProviderCalls.Text(json, "refresh_token") is { Length: > 0 } replaced ? replaced : refresh;
        var value = new OAuthValue(token, successor, expires, ProviderCalls.Text(json, "scope") ?? Text(target, "scope"));
        return new HeldValue(value.Write(Format(target)), ExpiresAt: expires);
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        if (OAuthValue.AccessTokenIn(value.Value, Format(target)) is not { Length: > 0 } token || token.Any(c => c is < '!' or > '~'))
            return Tested.Unknown(ProviderCode.ValueMalformed, "There is no access token in the value.");
        var introspects = Text(target, "introspection_url") is not null;
        try
        {
            using var request = introspects
                ? Authenticated(target, "introspection_url", new() { ["token"] = token, ["token_type_hint"] = "access_token" })
                : new HttpRequestMessage(HttpMethod.Get, Text(target, "test_url"));
            if (!introspects) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            var answer = await calls.Send(request, target.OrganizationId, changes: false, ct);
            if (answer.Status is >= 200 and < 300)
                return introspects
                    ? Introspected(ProviderCalls.Json(answer))
                    : Tested.Works with { RateLimitRemaining = TargetRateLimits.Remaining(answer, null) };
            if (!introspects && answer.Status is 401 or 403)
                return Tested.Refused(ProviderCode.LoginRefused, $"The access token is refused (HTTP {answer.Status}).");
            var unexpected = ProviderCalls.Unexpected(answer.Status, changes: false, takesValue: false);
            return Tested.Unknown(unexpected.Code, unexpected.Message);
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    public override async Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct)
    {
        if (Text(target, "revocation_url") is null || OAuthValue.AccessTokenIn(old.Value, Format(target)) is not { Length: > 0 } token)
            return;
        if (token == OAuthValue.AccessTokenIn(current.Value, Format(target))) return; // a server may return the same token again
        using var request = Authenticated(target, "revocation_url", new() { ["token"] = token, ["token_type_hint"] = "access_token" });
        var answer = await calls.Send(request, target.OrganizationId, changes: true, ct);
        // 200 also for a token that no longer exists (RFC 7009, section 2.2)
        if (answer.Status != 200) throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
    }

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => config["test_url"] is not null || config["introspection_url"] is not null;

    protected override bool LeavesOldValue(JsonObject config) => true; // until it expires, and servers differ

    protected override bool ReplacesCurrent(JsonObject config) => config["grant"]!.GetValue<string>() == OAuthShape.RefreshToken;

    private static HttpRequestMessage Authenticated(Target target, string address, Dictionary<string, string> form)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, Text(target, address));
        var (id, secret) = (Text(target, "client_id")!, Text(target, "client_secret"));
        if (secret is not null && (Text(target, "auth_method") ?? "client_secret_basic") == "client_secret_basic")
        {
            // Each part is form-encoded first (RFC 6749, section 2.3.1).
            var pair = $"{FormEncode(id)}:{FormEncode(secret)}";
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes(pair)));
        }
        else
        {
            form["client_id"] = id;
            if (secret is not null) form["client_secret"] = secret;
        }

        request.Headers.Accept.ParseAdd("application/json");
        request.Content = new FormUrlEncodedContent(form);
        return request;
    }

    /// <summary>The exception for an error of a token endpoint (RFC 6749 §5.2).</summary>
    private static ProviderException Refused(SafeResponse answer, bool refreshes)
    {
        if (answer.Status is not (400 or 401)) return ProviderCalls.Unexpected(answer.Status, changes: refreshes, takesValue: false);
        var error = ErrorOf(answer);
        return error switch
        {
            "invalid_grant" =>
                new(ProviderFault.Misconfigured, ProviderCode.GrantRefused,
                    "The refresh token is refused: it has expired, was revoked, or was used by a call whose answer was lost. A person "
                        + "must grant access again."),
            "invalid_client" or "unauthorized_client" =>
                new(ProviderFault.Misconfigured, ProviderCode.AccessRefused, "The token endpoint refuses the client."),
            "temporarily_unavailable" or "slow_down" =>
                new(ProviderFault.Unreachable, ProviderCode.TargetBusy, "The token endpoint asks for a later retry."),
            _ => new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
                $"The token endpoint refuses the request (HTTP {answer.Status})."),
        };
    }

    private static string? ErrorOf(SafeResponse answer)
    {
        try
        {
            return ProviderCalls.Text(ProviderCalls.Json(answer), "error");
        }
        catch (ProviderException)
        {
            return null; // then only the status is known
        }
    }

    private static string RefreshTokenOf(HeldValue? current) =>
        current is not null && OAuthValue.RefreshTokenIn(current.Value) is { Length: > 0 } token
            ? token
            : throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.CurrentMissing,
                "There is no refresh token yet. Set the credential's value to one.");

    private static Tested Introspected(JsonElement json) =>
        json.ValueKind is JsonValueKind.Object && json.TryGetProperty("active", out var active)
        ? active.ValueKind is JsonValueKind.True
        ? Tested.Works
        : Tested.Refused(ProviderCode.LoginRefused, "The server says that the token is not active.")
        : Tested.Unknown(ProviderCode.AnswerUnexpected, "The introspection endpoint does not say whether the token is active.");

    private static long? Seconds(JsonElement json) =>
        json.TryGetProperty("expires_in", out var span)
        && (span.ValueKind is JsonValueKind.Number ? span.TryGetInt64(out var seconds) : long.TryParse(span.ToString(), out seconds))
        && seconds is > 0 and < MaxSeconds ? seconds : null;

    private static string Format(Target target) =>
        Text(target, "grant") == OAuthShape.RefreshToken ? "json" : Text(target, "value_format") ?? "access_token";

    private static string FormEncode(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private static string? Text(Target target, string member) => target.Config[member]?.GetValue<string>();
}
