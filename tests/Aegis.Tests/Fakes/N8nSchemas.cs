using System.Text.Json.Nodes;

namespace Aegis.Tests.Fakes;

/// <summary>
/// The schemas that n8n 2.8.4 generates from the forms of some credential types, and its check. A field that the form shows only under a
/// condition is required when the condition holds and forbidden otherwise. As in any JSON Schema, <c>if</c> is true when the member is
/// absent.
/// </summary>
internal static class N8nSchemas
{
    private static readonly string Tunnel = "sshTunnel=true: sshAuthenticateWith sshHost sshPort sshUser sshPassword privateKey passphrase";
    private static readonly string TunnelMembers =
        "sshTunnel:boolean sshAuthenticateWith:password|privateKey sshHost:string sshPort:number sshUser:string sshPassword:string "
            + "privateKey:string passphrase:string";

    public static readonly Dictionary<string, JsonObject> ByType = new()
    {
        ["openAiApi"] = Of("apiKey*:string organizationId:string url:string header:boolean headerName:string headerValue:string",
            "header=true: headerName headerValue"),
        ["anthropicApi"] =
            Of("apiKey*:string url:string header:boolean headerName:string headerValue:string", "header=true: headerName headerValue"),
        ["postgres"] = Of(
            "host:string database:string user:string password:string maxConnections:number allowUnauthorizedCerts:boolean "
                + "ssl:allow|disable|require port:number "
                + TunnelMembers, "allowUnauthorizedCerts=false: ssl", Tunnel),
        ["mySql"] = Of(
            "host:string database:string user:string password:string port:number connectTimeout:number ssl:boolean caCertificate:string "
                + "clientPrivateKey:string "
                + "clientCertificate:string " + TunnelMembers, "ssl=true: caCertificate clientPrivateKey clientCertificate", Tunnel),
        ["redis"] = Of(
            "password:string user:string host:string port:number database:number ssl:boolean disableTlsVerification:boolean",
            "ssl=true: disableTlsVerification"),
        ["smtp"] = Of("user:string password:string host:string port:number secure:boolean disableStartTls:boolean hostName:string",
            "secure=false: disableStartTls"),
        ["aws"] = Of(
            "region:eu-central-1|us-east-1 accessKeyId:string secretAccessKey:string temporaryCredentials:boolean sessionToken:string "
                + "customEndpoints:boolean "
                + "rekognitionEndpoint:string lambdaEndpoint:string snsEndpoint:string sesEndpoint:string sqsEndpoint:string "
                + "s3Endpoint:string ssmEndpoint:string",
            "temporaryCredentials=true: sessionToken",
            "customEndpoints=true: rekognitionEndpoint lambdaEndpoint snsEndpoint sesEndpoint sqsEndpoint s3Endpoint ssmEndpoint"),
        ["mongoDb"] = Of(
            "configurationType:connectionString|values connectionString:string host:string database:string user:string password:string "
                + "port:number tls:boolean "
                + "ca:string cert:string key:string passphrase:string",
            "configurationType=\"connectionString\": connectionString", "configurationType=\"values\": host user password port",
            "tls=true: ca cert key passphrase"),
    };

    /// <summary>
    /// Builds a schema from members (<c>name:type</c>, <c>name:value|value</c>, <c>*</c> for required) and conditions (<c>member=value:
    /// others</c>).
    /// </summary>
    public static JsonObject Of(string members, params string[] conditions)
    {
        var (properties, required) = (new JsonObject(), new JsonArray());
        foreach (var (name, type) in members.Split(' ').Select(m => m.Split(':')).Select(m => (m[0], m[1])))
        {
            if (name.EndsWith('*')) required.Add(name.TrimEnd('*'));
            properties[name.TrimEnd('*')] = type.Contains('|')
                ? new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. type.Split('|').Select(w => JsonValue.Create(w))]) }
                : new JsonObject { ["type"] = type };
        }

        var schema =
            new JsonObject { ["additionalProperties"] = false, ["type"] = "object", ["properties"] = properties, ["required"] = required };
        if (conditions.Length > 0) schema["allOf"] = new JsonArray([.. conditions.Select(Condition)]);
        return schema;
    }

    /// <summary>Checks data against a schema, with the keywords that n8n uses.</summary>
    public static bool Takes(JsonObject schema, JsonObject data)
    {
        if (schema["$ref"] is not null) return true;
        if (schema["required"] is JsonArray required && required.Any(r => !data.ContainsKey(r!.GetValue<string>()))) return false;
        if (schema["not"] is JsonObject not && Takes(not, data)) return false;
        if (schema["allOf"] is JsonArray all && all.Any(a => !Takes(a!.AsObject(), data))) return false;
        if (schema["if"] is JsonObject condition && schema[Takes(condition, data) ? "then" : "else"] is JsonObject branch
            && !Takes(branch, data)) return false;
        var properties = schema["properties"] as JsonObject ?? [];
        if (schema["additionalProperties"]?.GetValueKind() is JsonValueKind.False && data.Any(m => !properties.ContainsKey(m.Key)))
            return false;
        return properties.All(p => !data.ContainsKey(p.Key) || TakesValue(p.Value!.AsObject(), data[p.Key]));
    }

    private static bool TakesValue(JsonObject schema, JsonNode? value)
    {
        var kind = value?.GetValueKind() ?? JsonValueKind.Null;
        var fits = schema["type"]?.GetValue<string>() switch
        {
            "string" => kind is JsonValueKind.String,
            "number" or "integer" => kind is JsonValueKind.Number,
            "boolean" => kind is JsonValueKind.True or JsonValueKind.False,
            _ => true, // n8n's own type names for parts of its form are not checked
        };
        return fits && (schema["enum"] is not JsonArray words || words.Any(w => JsonNode.DeepEquals(w, value)))
            && (schema["pattern"] is null || (kind is JsonValueKind.String && value!.GetValue<string>().Length > 0));
    }

    private static JsonNode Condition(string text)
    {
        var (test, others) = (text.Split(": ")[0].Split('='), text.Split(": ")[1].Split(' '));
        return new JsonObject
        {
            ["if"] = new JsonObject
            {
                ["properties"] = new JsonObject
                {
                    [test[0]] = new JsonObject
                    {
                        ["enum"] = new JsonArray(
                    JsonNode.Parse(test[1]))
                    }
                }
            },
            ["then"] = new JsonObject { ["allOf"] = new JsonArray([.. others.Select(Required)]) },
            ["else"] = new JsonObject { ["allOf"] = new JsonArray([.. others.Select(o => new JsonObject { ["not"] = Required(o) })]) },
        };
    }

    private static JsonObject Required(string name) => new() { ["required"] = new JsonArray(name) };
}
