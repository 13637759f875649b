using System.Buffers.Text;
using System.Net.Http.Headers;

namespace Aegis.Vault.Providers.Webhook;

/// <summary>A rotator that the customer runs. It gets the steps as signed requests.</summary>
internal sealed class WebhookProvider(ProviderCalls calls, OutboundPolicy policy, TimeProvider clock) : Provider
{
    private const int MaxBytes = 64 * 1024;
    private const int MaxHandleLength = 200;
    private static readonly string[] Steps = ["create", "set", "test", "revoke", "clean"];

    public override string Name => "webhook";

    public override ConfigShape Config { get; } = new(
        [
            new TextField("url", "The URL that the steps are sent to.", Required: true, MaxLength: 2000),
            new TextField("secret", "The signing key: whsec_ and 24 to 64 bytes in base64 (Standard Webhooks).", Required: true,
                IsSecret: true, MaxLength: 100),
            new TextListField("steps",
                "The steps that the rotator handles, out of create, set, test, revoke and clean; default create, set, test and "
                    + "revoke.", Steps.Length),
            new SwitchField("keeps_old_value", "The old value still works at the target until it is revoked."),
            .. RandomValue.Fields,
        ],
        (config, errors) =>
        {
            if (!Uri.TryCreate(config["url"]!.GetValue<string>(), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https")
                || url.UserInfo.Length + url.Fragment.Length > 0)
                errors.AddMember("url", "url must be an absolute https URL without user name and fragment.");
            if (config["secret"] is { } secret && WebhookSecret.Read(secret.GetValue<string>()) is null)
                errors.AddMember("secret", "secret must be whsec_ and 24 to 64 bytes in base64.");
            if (config["steps"] is JsonArray steps && steps.Any(s => !Steps.Contains(s!.GetValue<string>())))
                errors.AddMember("steps", $"Known steps are {string.Join(", ", Steps)}.");
        });

    public override void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors)
    {
        if (policy.Objection(new Uri(config["url"]!.GetValue<string>()), OutboundPurpose.Vault, organizationId) is { } objection)
            errors.AddMember("url", objection);
    }

    public override async Task<HeldValue> Create(Target target, Order order, CancellationToken ct)
    {
        if (!Handles(target.Config, "create")) return new HeldValue(RandomValue.Make(target.Config));
        var step = new JsonObject
        {
            ["rotation_id"] = order.RotationId,
            ["attempt"] = order.Attempt,
            ["mark"] = order.Mark,
            ["current"] = Write(order.Current)
        };
        // Every retry of this attempt has the same id, so that the rotator can return the value that it made the first time.
        var answer = await SendStep(target, "create", $"{order.Mark}.create", step, changes: true, ct);
        if (answer.Status is < 200 or >= 300) throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
        var json = ProviderCalls.Json(answer);
        var (value, handle) = (ProviderCalls.Text(json, "value"), ProviderCalls.Text(json, "handle"));
        if (value is not { Length: > 0 } || Encoding.UTF8.GetByteCount(value) > MaxBytes || handle?.Length > MaxHandleLength)
            throw Unusable("value");
        var expires = ProviderCalls.Text(json, "expires_at");
        if (expires is null) return new HeldValue(value, handle);
        return DateTimeOffset.TryParse(expires, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? new HeldValue(value, handle, time)
            : throw Unusable("expires_at");
    }

    public override async Task Set(Target target, HeldValue value, HeldValue? current, CancellationToken ct)
    {
        if (!Handles(target.Config, "set")) return;
        await SendChange(target, "set", value, new JsonObject { ["value"] = Write(value), ["current"] = Write(current) },
            takesValue: true, ct);
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        if (!Handles(target.Config, "test")) return Tested.Unknown(ProviderCode.AnswerUnexpected, "The rotator does not handle tests.");
        try
        {
            // Each test is a new request, so it gets a new id.
            var answer = await SendStep(target, "test", $"test.{Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16))}",
                new JsonObject { ["value"] = Write(value) }, changes: false, ct);
            if (answer.Status is < 200 or >= 300) throw ProviderCalls.Unexpected(answer.Status, changes: false, takesValue: false);
            return ProviderCalls.Text(ProviderCalls.Json(answer), "verdict") switch
            {
                "works" => Tested.Works,
                "refused" => Tested.Refused(ProviderCode.LoginRefused, "The rotator says that the target refuses the value."),
                "unknown" => Tested.Unknown(ProviderCode.TargetFailing, "The rotator could not find out whether the value works."),
                _ => Tested.Unknown(ProviderCode.AnswerUnexpected, "The rotator's answer has no verdict of works, refused or unknown."),
            };
        }
        catch (ProviderException e)
        {
            return Tested.Unknown(e.Code, e.Message);
        }
    }

    public override async Task Revoke(Target target, HeldValue old, HeldValue current, CancellationToken ct)
    {
        if (Handles(target.Config, "revoke"))
            await SendChange(target, "revoke", old, new JsonObject { ["value"] = Write(old), ["current"] = Write(current) },
                takesValue: false, ct);
    }

    public override async Task RemoveOrphans(Target target, string rotationId, string? keep, CancellationToken ct)
    {
        if (!Handles(target.Config, "clean")) return;
        var answer = await SendStep(target, "clean", $"{rotationId}.clean.{keep}",
            new JsonObject { ["rotation_id"] = rotationId, ["keep"] = keep }, changes: true, ct);
        if (answer.Status is < 200 or >= 300) throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
    }

    protected override bool MakesValues(JsonObject config) => Handles(config, "create") || Handles(config, "set");

    protected override bool TriesValues(JsonObject config) => Handles(config, "test");

    protected override bool LeavesOldValue(JsonObject config) => config["keeps_old_value"]?.GetValue<bool>() is true;

    private async Task SendChange(Target target, string step, HeldValue value, JsonObject body, bool takesValue, CancellationToken ct)
    {
        var answer = await SendStep(target, step, $"{target.CredentialId}.{step}.{Fingerprint(target, value)}", body, changes: true, ct);
        if (answer.Status is >= 200 and < 300 || (step == "revoke" && answer.Status is 404 or 410)) return;
        throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue);
    }

    private async Task<SafeResponse> SendStep(Target target, string step, string id, JsonObject members, bool changes, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["step"] = step,
            ["credential"] = new JsonObject
            {
                ["id"] = target.CredentialId,
                ["name"] = target.Name,
                ["type"] = target.CredentialType,
                ["provider_credential_id"] = target.ProviderCredentialId
            },
        };
        foreach (var (name, member) in members) body[name] = member?.DeepClone();
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        var timestamp = clock.GetUtcNow().ToUnixTimeSeconds();
        using var request =
            new HttpRequestMessage(HttpMethod.Post, target.Config["url"]!.GetValue<string>()) { Content = new ByteArrayContent(bytes) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign([SecretOf(target)], id, timestamp, bytes));
        return await calls.Send(request, target.OrganizationId, changes, ct);
    }

    /// <summary>
    /// The same for equal values, so that a repeated step has the same id. It is keyed, so that the id reveals nothing about the value.
    /// </summary>
    private static string Fingerprint(Target target, HeldValue value) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(SecretOf(target), Encoding.UTF8.GetBytes($"{value.Handle}\n{value.Value}"))
            .AsSpan(0, 16));

    private static byte[] SecretOf(Target target) => WebhookSecret.Read(target.Config["secret"]!.GetValue<string>())!;

    private static bool Handles(JsonObject config, string step) =>
        config["steps"] is JsonArray { Count: > 0 } steps ? steps.Any(s => s!.GetValue<string>() == step) : step != "clean";

    private static JsonObject? Write(HeldValue? value) =>
        value is null ? null : new JsonObject { ["value"] = value.Value, ["handle"] = value.Handle };

    private static ProviderException Unusable(string member) =>
        new(ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected,
            $"The rotator's answer has no usable {member}. The rotator may have made a value; if so, remove it there.");
}
