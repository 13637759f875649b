using System.Security.Cryptography.X509Certificates;
using System.Text.Json.Nodes;

namespace Aegis.Tests.Vault;

/// <summary>A valid configuration of one provider or connection, and another valid value for each member that is not sealed.</summary>
/// <param name="Kind">The name of the provider or connection.</param>
/// <param name="Base">A configuration with all sealed members.</param>
/// <param name="Changes">By member: a merge patch of the base.</param>
internal sealed record DestinationMembers(string Kind, string Base, IReadOnlyDictionary<string, string> Changes)
{
    private const string Address = "\"https://other.example/x\"";

    public static readonly IReadOnlyList<DestinationMembers> Providers =
    [
        new("api", """
            {"create":{"url":"https://a.example/keys","body":"{\"m\":\"{{mark}}\"}","headers":{"x-mark":"{{mark}}"},"secret_headers":{"authorization":"s1"},"value_path":"$.v"},
             "test":{"url":"https://a.example/t","headers":{"x-key":"{{value}}"},"secret_headers":{"x-also":"{{value}}"}},
             "revoke":{"url":"https://a.example/keys/{{handle}}","headers":{"x-h":"{{handle}}"},"secret_headers":{"authorization":"s2"}},
             "list":{"url":"https://a.example/keys","items_path":"$.i","handle_path":"$.h","mark_path":"$.m","secret_headers":{"authorization":"s3"}}}
            """,
            Sections("create", "test", "revoke", "list")
                .Append(("create.value_path", "\"$.o\"")).Append(("create.handle_path", "\"$.o\""))
                .Append(("create.expires_at_path", "\"$.o\""))
                .Append(("test.refused_status", "[499]")).Append(("test.rate_limit_header", "\"x-left\""))
                .Append(("test.quota_path", "\"$.q\""))
                .Append(("list.items_path", "\"$.o\"")).Append(("list.handle_path", "\"$.o\"")).Append(("list.mark_path", "\"$.o\""))
                .Append(("generate", "false")).Append(("keeps_old_value", "true")).Append(("bytes", "64")).Append(("alphabet", "\"hex\""))
                .ToDictionary(c => c.Item1, c => Patch(c.Item1, c.Item2))),
        new("api",
            """{"generate":true,"set":{"url":"https://a.example/k","body":"{{value}}","headers":{"x":"{{value}}"},"secret_headers":{"authorization":"s"}}}""",
            Sections("set").ToDictionary(c => c.Item1, c => Patch(c.Item1, c.Item2))),
        new("database",
            """{"engine":"postgres","host":"db.example.org","username":"app","admin_username":"boss","admin_password":"hidden"}""",
            new Dictionary<string, string>
        {
            ["engine"] = """{"engine":"sqlserver"}""", ["host"] = """{"host":"other.example.org"}""", ["port"] = """{"port":5433}""",
            ["database"] = """{"database":"other"}""", ["username"] = """{"username":"other"}""",
            ["value_format"] = """{"value_format":"json"}""",
            ["alternate_username"] = """{"alternate_username":"second","value_format":"json"}""",
            ["admin_username"] = """{"admin_username":"other"}""",
            ["tls"] = """{"tls":"require"}""", ["ca_certificate"] = new JsonObject { ["ca_certificate"] = Certificate() }.ToJsonString(),
            ["contained"] = """{"engine":"sqlserver","contained":true}""",
        }),
        new("env", """{"file":"shop/.env","variable":"KEY"}""", new Dictionary<string, string>
        {
            ["file"] = """{"file":"other/.env"}""", ["variable"] = """{"variable":"OTHER"}""", ["bytes"] = """{"bytes":64}""",
            ["alphabet"] = """{"alphabet":"hex"}""",
        }),
        new("generated", "{}", new Dictionary<string, string> { ["bytes"] = """{"bytes":64}""", ["alphabet"] = """{"alphabet":"hex"}""" }),
        new("n8n", """{"data_field":"value","extra":{"name":"hidden"}}""", new Dictionary<string, string>
        {
            ["data_field"] = """{"data_field":"other"}""", ["prefix"] = """{"prefix":"Basic "}""",
            ["handle_field"] = """{"handle_field":"user"}""",
            ["generate.bytes"] = """{"generate":{"bytes":64}}""", ["generate.alphabet"] = """{"generate":{"alphabet":"hex"}}""",
        }),
        new("oauth", """{"grant":"client_credentials","token_url":"https://a.example/t","client_id":"i","client_secret":"hidden"}""",
            new Dictionary<string, string>
        {
            ["grant"] = """{"grant":"refresh_token"}""", ["client_id"] = """{"client_id":"other"}""",
            ["auth_method"] = """{"auth_method":"client_secret_post"}""",
            ["scope"] = """{"scope":"s"}""", ["audience"] = """{"audience":"a"}""", ["value_format"] = """{"value_format":"json"}""",
            ["token_url"] = $$"""{"token_url":{{Address}}}""", ["introspection_url"] = $$"""{"introspection_url":{{Address}}}""",
            ["test_url"] = $$"""{"test_url":{{Address}}}""", ["revocation_url"] = $$"""{"revocation_url":{{Address}}}""",
        }),
        new("supabase", """{"project_ref":"abcdefghijklmnopqrst"}""", new Dictionary<string, string>
        {
            ["project_ref"] = """{"project_ref":"tsrqponmlkjihgfedcba"}""", ["name_prefix"] = """{"name_prefix":"other"}""",
            ["test_url"] = $$"""{"test_url":{{Address}}}""",
        }),
        new("webhook", """{"url":"https://a.example/r","secret":"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"}""", new Dictionary<string, string>
        {
            ["url"] = $$"""{"url":{{Address}}}""", ["steps"] = """{"steps":["set"]}""",
            ["keeps_old_value"] = """{"keeps_old_value":true}""",
            ["bytes"] = """{"bytes":64}""", ["alphabet"] = """{"alphabet":"hex"}""",
        }),
    ];

    public static readonly IReadOnlyList<DestinationMembers> Connections =
    [
        new("n8n", """{"base_url":"https://n8n.example.org","api_key":"hidden"}""",
            new Dictionary<string, string> { ["base_url"] = $$"""{"base_url":{{Address}}}""" }),
        new("supabase", """{"access_token":"hidden"}""",
            new Dictionary<string, string> { ["base_url"] = $$"""{"base_url":{{Address}}}""" }),
    ];

    public static readonly DestinationMembers Copy =
        new("n8n-copy", """{"data_field":"value","extra":{"name":"hidden"}}""", new Dictionary<string, string>
        {
            ["data_field"] = """{"data_field":"other"}""",
            ["prefix"] = """{"prefix":"Basic "}""",
            ["handle_field"] = """{"handle_field":"user"}""",
        });

    /// <summary>The sealed members. The sweep fails until a new member is in this list or has a change above.</summary>
    public static readonly IReadOnlyList<string> Sealed =
    [
        "api create.secret_headers", "api test.secret_headers", "api revoke.secret_headers", "api list.secret_headers",
        "api set.secret_headers",
        "database admin_password", "n8n extra", "oauth client_secret", "webhook secret", "n8n api_key", "supabase access_token",
        "n8n-copy extra",
    ];

    private static IEnumerable<(string, string)> Sections(params string[] sections) => sections.SelectMany(s => new[]
    {
        ($"{s}.method", "\"PATCH\""), ($"{s}.url", Address), ($"{s}.headers", """{"x-other":"{{name}}"}"""), ($"{s}.body", "\"{{name}}\""),
        ($"{s}.expect_status", "[299]"),
    });

    private static string Patch(string member, string value)
    {
        var patch = JsonNode.Parse(value);
        foreach (var name in member.Split('.').Reverse()) patch = new JsonObject { [name] = patch };
        return patch!.ToJsonString();
    }

    private static string Certificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=authority", key, HashAlgorithmName.SHA256).CreateSelfSigned(
                DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch.AddYears(99));
        return certificate.ExportCertificatePem();
    }
}
