using System.Text.RegularExpressions;

namespace Aegis.Vault.Providers.Supabase;

/// <summary>Secret API keys of a Supabase project. No call rotates a key, so a second one is created and the first one deleted.</summary>
internal sealed partial class SupabaseProvider(ProviderCalls calls, OutboundPolicy policy) : Provider
{
    private const string PublicApi = "https://api.supabase.com";
    private const string DefaultPrefix = "aegis";

    public override string Name => "supabase";

    public override string ConnectionKind => "supabase";

    public override ConfigShape Connection { get; } = new(
    [
        new TextField("access_token", "A personal access token of the Management API that may read and write the project's API keys.",
            Required: true, IsSecret: true),
        new TextField("base_url", $"URL of the Management API; default {PublicApi}."),
    ],
        (connection, errors) =>
        {
            if (connection["base_url"] is { } url && !IsAddress(url.GetValue<string>()))
                errors.AddMember("base_url", "base_url must be an absolute URL.");
        });

    public override ConfigShape Config { get; } = new(
    [
        new TextField("project_ref", "Reference of the project: twenty lower-case letters.", Required: true, MaxLength: 20),
        new TextField("name_prefix", $"The prefix of the names of new keys; default {DefaultPrefix}.", MaxLength: 24),
        new TextField("test_url", "URL to test keys at; default the project's /rest/v1/."),
    ],
        (config, errors) =>
        {
            if (!Reference().IsMatch(config["project_ref"]!.GetValue<string>()))
                errors.AddMember("project_ref", "project_ref must be twenty lower-case letters.");
            if (config["name_prefix"] is { } prefix && !Prefix().IsMatch(prefix.GetValue<string>()))
                errors.AddMember("name_prefix",
                    "name_prefix must begin with a lower-case letter or underscore and contain only lower-case letters, digits and "
                        + "underscores.");
            if (config["test_url"] is { } url && !IsAddress(url.GetValue<string>()))
                errors.AddMember("test_url", "test_url must be an absolute URL.");
        });

    public override void CheckAddresses(JsonObject config, string organizationId, ConfigErrors errors) =>
        CheckAddress(config, "test_url", organizationId, errors);

    public override void CheckConnectionAddresses(JsonObject connection, string organizationId, ConfigErrors errors) =>
        CheckAddress(connection, "base_url", organizationId, errors);

    public override async Task<HeldValue> Create(Target target, Order order, CancellationToken ct)
    {
        var body = new JsonObject
        {
            ["type"] = "secret",
            ["name"] = $"{PrefixOf(target)}_{MarkOf(order.RotationId)}{order.Attempt}",
            ["description"] = order.Mark,
            ["secret_jwt_template"] = new JsonObject { ["role"] = "service_role" },
        };
        var answer = await Call(target, HttpMethod.Post, "?reveal=true", body, ct);
        if (answer.Status is < 200 or >= 300) throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
        var made = ProviderCalls.Json(answer);
        return ProviderCalls.Text(made, "api_key") is { Length: > 0 and < 4000 } key
            && ProviderCalls.Text(made, "id") is { Length: > 0 and <= 200 } id
            ? new HeldValue(key, id)
            // RemoveOrphans finds the key by its mark.
            : throw new ProviderException(
                ProviderFault.InDoubt, ProviderCode.AnswerUnexpected, "Supabase answered without the key that it should have made.");
    }

    public override async Task<Tested> Test(Target target, HeldValue value, CancellationToken ct)
    {
        if (value.Value.Any(c => c is < '!' or > '~'))
            return Tested.Unknown(ProviderCode.ValueMalformed, "The value has characters that Supabase keys never have.");
        var url = target.Config["test_url"]?.GetValue<string>()
            ?? $"https://{target.Config["project_ref"]!.GetValue<string>()}.supabase.co/rest/v1/";
        using var request = new HttpRequestMessage(HttpMethod.Get, url);
        request.Headers.TryAddWithoutValidation("apikey", value.Value); // new keys are not JWTs and must not go into Authorization
        try
        {
            var answer = await calls.Send(request, target.OrganizationId, changes: false, ct);
            if (answer.Status is >= 200 and < 300)
                return Tested.Works with { RateLimitRemaining = TargetRateLimits.Remaining(answer, null) };
            if (answer.Status is 401 or 403)
                return Tested.Refused(ProviderCode.LoginRefused, $"The project refuses the key (HTTP {answer.Status}).");
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
        var id = old.Handle ?? target.ProviderCredentialId ?? await Find(target, old.Value, ct);
        if (id is not null && id != current.Handle) await Delete(target, id, ct);
    }

    public override async Task RemoveOrphans(Target target, string rotationId, string? keep, CancellationToken ct)
    {
        foreach (var key in await List(target, "", ct))
        {
            var ours = ProviderCalls.Text(key, "description")?.StartsWith($"aegis-{rotationId}-", StringComparison.Ordinal) is true
                || ProviderCalls.Text(key, "name")?.StartsWith(
                    $"{PrefixOf(target)}_{MarkOf(rotationId)}", StringComparison.Ordinal) is true;
            if (ours && ProviderCalls.Text(key, "id") is { } id && id != keep) await Delete(target, id, ct);
        }
    }

    protected override bool MakesValues(JsonObject config) => true;

    protected override bool TriesValues(JsonObject config) => true;

    protected override bool LeavesOldValue(JsonObject config) => true;

    /// <summary>
    /// Finds the id of a key that was set by hand. The comparison reveals every key of the project to this host, so it is done only then.
    /// </summary>
    private async Task<string?> Find(Target target, string value, CancellationToken ct)
    {
        var wanted = Encoding.UTF8.GetBytes(value);
        return (await List(target, "?reveal=true", ct))
            .Where(k => ProviderCalls.Text(k, "type") == "secret" && ProviderCalls.Text(k, "api_key") is { } key
                && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), wanted))
            .Select(k => ProviderCalls.Text(k, "id")).FirstOrDefault();
    }

    private async Task<IReadOnlyList<JsonElement>> List(Target target, string query, CancellationToken ct)
    {
        var answer = await Call(target, HttpMethod.Get, query, null, ct);
        if (answer.Status is < 200 or >= 300) throw ProviderCalls.Unexpected(answer.Status, changes: false, takesValue: false);
        return ProviderCalls.Json(answer) is { ValueKind: JsonValueKind.Array } keys
            ? [.. keys.EnumerateArray()]
            : throw new ProviderException(
                ProviderFault.Misconfigured, ProviderCode.AnswerUnexpected, "Supabase did not answer with a list of keys.");
    }

    private async Task Delete(Target target, string id, CancellationToken ct)
    {
        var answer = await Call(target, HttpMethod.Delete, $"/{ProviderCalls.Segment(id)}", null, ct);
        if (answer.Status is not ((>= 200 and < 300) or 404 or 410))
            throw ProviderCalls.Unexpected(answer.Status, changes: true, takesValue: false);
    }

    private async Task<SafeResponse> Call(Target target, HttpMethod method, string rest, JsonObject? body, CancellationToken ct)
    {
        var connection = target.Connection ?? throw new ProviderException(
            ProviderFault.Misconfigured, ProviderCode.ConnectionMissing,
            "The organization has no connection to Supabase. Set one at /v1/vault/connections/supabase.");
        var root = (connection["base_url"]?.GetValue<string>() ?? PublicApi).TrimEnd('/');
        var project = ProviderCalls.Segment(target.Config["project_ref"]!.GetValue<string>());
        using var request = new HttpRequestMessage(method, $"{root}/v1/projects/{project}/api-keys{rest}");
        request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {connection["access_token"]!.GetValue<string>()}");
        if (body is not null) request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await calls.Send(request, target.OrganizationId, changes: method != HttpMethod.Get, ct);
    }

    private void CheckAddress(JsonObject config, string member, string organizationId, ConfigErrors errors)
    {
        if (config[member] is { } url
            && policy.Objection(new Uri(url.GetValue<string>()), OutboundPurpose.Vault, organizationId) is { } objection)
            errors.AddMember(member, objection);
    }

    private static string PrefixOf(Target target) => target.Config["name_prefix"]?.GetValue<string>() ?? DefaultPrefix;

    /// <summary>The rotation id as a part of a name, which may contain only lower-case letters, digits and underscores.</summary>
    private static string MarkOf(string rotationId) =>
        $"{new string([.. rotationId.Where(char.IsAsciiLetterOrDigit)]).ToLowerInvariant()}_";

    private static bool IsAddress(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address.UserInfo.Length == 0;

    [GeneratedRegex(@"\A[a-z]{20}\z")]
    private static partial Regex Reference();

    [GeneratedRegex(@"\A[a-z_][a-z0-9_]*\z")]
    private static partial Regex Prefix();
}
