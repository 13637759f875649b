namespace Aegis.Vault.Providers.Api;

/// <summary>Any HTTP service, with configured templates of its calls.</summary>
internal sealed class ApiProvider(ProviderCalls calls, OutboundPolicy policy) : Provider
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxHandleLength = 200;
    private const long FirstMilliseconds = 100_000_000_000; // seconds reach this in the year 5138

    public override string Name => "api";

    public override ConfigShape Config => ApiShape.Shape;

    public override void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
        foreach (var (name, section) in ApiShape.Sections(config))
        {
            if (policy.Objection(new CallTemplate(section).Address, OutboundPurpose.Vault, organizationId) is { } objection)
                errors.AddMember($"{name}.url", objection);
        }
    }

    public override async Task<HeldValue> Create(Target target, Order order, CancellationToken ct)
    {
        if (Generates(target.Config)) return new HeldValue(RandomValue.Make(target.Config));
        var section = target.Config["create"]!.AsObject();
        var answer =
            await Call(target, "create", "POST", Fill(target, null, order.Current?.Value, null, order.Mark), takesValue: false, ct);
        var json = ProviderCalls.Json(answer);
        var value = ValueAt(section, "value_path", json) switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString()!,
            { ValueKind: JsonValueKind.Object } made => made.GetRawText(),
            _ => throw Unusable("value_path"),
        };
        var handle = section["handle_path"] is null ? null : Scalar(ValueAt(section, "handle_path", json)) ?? throw Unusable("handle_path");
        if (value.Length == 0 || Encoding.UTF8.GetByteCount(value) > MaxBytes || handle?.Length > MaxHandleLength)
            throw Unusable("value_path");
        return new HeldValue(value, handle, section["expires_at_path"] is null ? null : Time(ValueAt(section, "expires_at_path", json)));
    }

    public override async Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct)
    {
        if (target.Config["set"] is null) return;
        await Call(target, "set", "PUT", Fill(target, value, current?.Value, value.Handle, null), takesValue: true, ct);
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        if (target.Config["test"] is not JsonObject section) return Tested.Unknown(ProviderCode.AnswerUnexpected, "No test is configured.");
        try
        {
            var call = new CallTemplate(section);
            using var request = call.Request("GET", Fill(target, value, null, value.Handle, null));
            var answer = await calls.Send(request, target.OrganizationId, changes: false, ct);
            var left = TargetRateLimits.Remaining(answer, section["rate_limit_header"]?.GetValue<string>());
            if (call.IsExpected(answer.Status))
                return Tested.Works with { RateLimitRemaining = left, QuotaRemaining = Quota(section, answer) };
            var refused = section["refused_status"] is JsonArray { Count: > 0 } named
                ? named.Any(s => s!.GetValue<int>() == answer.Status)
                : answer.Status is 401 or 403;
            if (refused)
                return Tested.Refused(ProviderCode.LoginRefused,
                    $"The provider refuses the value (HTTP {answer.Status}).") with
                { RateLimitRemaining = left };
            var unexpected = ProviderCalls.Unexpected(answer.Status, changes: false, takesValue: false);
            return Tested.Unknown(unexpected.Code, unexpected.Message) with { RateLimitRemaining = left };
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    public override async Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct)
    {
        // A value that was set by hand has no handle; then the credential's id at the provider is used.
        if (target.Config["revoke"] is not null)
            await RevokeBy(target, Fill(target, old, current.Value, old.Handle ?? target.ProviderCredentialId, null), ct);
    }

    public override async Task RemoveOrphans(Target target, string rotationId, string? keep, CancellationToken ct)
    {
        if (target.Config["list"] is not JsonObject section) return;
        var answer = await Call(target, "list", "GET", Fill(target, null, null, null, null), takesValue: false, ct);
        if (ValueAt(section, "items_path", ProviderCalls.Json(answer)) is not { ValueKind: JsonValueKind.Array } items)
            throw Unusable("items_path");
        foreach (var item in items.EnumerateArray())
        {
            var handle = Scalar(ValueAt(section, "handle_path", item));
            if (handle is null || handle == keep
                || Scalar(ValueAt(section, "mark_path", item))?.StartsWith($"aegis-{rotationId}-", StringComparison.Ordinal) is not true)
                continue;
            await RevokeBy(target, Fill(target, null, null, handle, null), ct);
        }
    }

    protected override bool MakesValues(JsonObject config) => config["create"] is not null || Generates(config);

    protected override bool TriesValues(JsonObject config) => config["test"] is not null;

    protected override bool LeavesOldValue(JsonObject config) =>
        config["create"] is not null || config["keeps_old_value"]?.GetValue<bool>() is true;

    private async Task RevokeBy(Target target, Filling filling, CancellationToken ct)
    {
        var call = new CallTemplate(target.Config["revoke"]!.AsObject());
        using var request = call.Request("DELETE", filling);
        var answer = await calls.Send(request, target.OrganizationId, changes: true, ct);
        if (!call.IsExpected(answer.Status) && answer.Status is not (404 or 410))
            throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
    }

    private async Task<SafeResponse> Call(Target target, string name, string method, Filling filling, bool takesValue, CancellationToken ct)
    {
        var call = new CallTemplate(target.Config[name]!.AsObject());
        var changes = name != "list";
        using var request = call.Request(method, filling);
        var answer = await calls.Send(request, target.OrganizationId, changes, ct);
        return call.IsExpected(answer.Status) ? answer : throw ProviderCalls.Unexpected(answer.Status, changes, takesValue);
    }

    private static Filling Fill(Target target, HeldValue? value, string? current, string? handle, string? mark) =>
        new(value?.Value, current, handle, mark, target.Name, target.ProviderCredentialId);

    private static bool Generates(JsonObject config) => config["generate"]?.GetValue<bool>() is true;

    private static JsonElement? ValueAt(JsonObject section, string member, JsonElement json) =>
        JsonPath.Parse(section[member]!.GetValue<string>())!.Find(json);

    private static string? Scalar(JsonElement? place) => place switch
    {
        { ValueKind: JsonValueKind.String } text => text.GetString(),
        { ValueKind: JsonValueKind.Number } number => number.GetRawText(),
        _ => null,
    };

    private static long? Quota(JsonObject section, SafeResponse answer)
    {
        if (section["quota_path"] is null) return null;
        try
        {
            return ValueAt(section, "quota_path", ProviderCalls.Json(answer)) is { ValueKind: JsonValueKind.Number } number
                && number.TryGetDouble(out var left) && Math.Abs(left) < long.MaxValue ? (long)left : null;
        }
        catch (ProviderException)
        {
            return null; // the value works; only its quota is unknown
        }
    }

    private static DateTimeOffset? Time(JsonElement? place)
    {
        if (place is null or { ValueKind: JsonValueKind.Null }) return null;
        if (place is { ValueKind: JsonValueKind.String } text
            && DateTimeOffset.TryParse(text.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
            return time;
        if (place is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count)
            && count is >= 0 and < FirstMilliseconds * 1000)
            return count < FirstMilliseconds ? DateTimeOffset.FromUnixTimeSeconds(count) : DateTimeOffset.FromUnixTimeMilliseconds(count);
        throw Unusable("expires_at_path");
    }

    private static ProviderException Unusable(string member) =>
        new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            $"The provider's answer has nothing at {member}. The provider may have made a value; if so, remove it there.");
}
