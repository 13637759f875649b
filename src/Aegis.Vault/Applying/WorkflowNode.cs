using System.Text.RegularExpressions;

namespace Aegis.Vault.Applying;

/// <summary>Checks which credentials a node can use, and sets them. n8n itself accepts any id and any type.</summary>
internal static partial class WorkflowNode
{
    private const int MinVersion = 2; // of the HTTP Request node: version 1 stores its credentials differently
    private const int MinStem = 3;

    private static readonly string[] HttpRequests =
        ["n8n-nodes-base.httpRequest", "n8n-nodes-base.httpRequestTool", "@n8n/n8n-nodes-langchain.toolHttpRequest"];

    private static readonly string[] Generic =
        ["httpBasicAuth", "httpBearerAuth", "httpDigestAuth", "httpHeaderAuth", "httpQueryAuth", "httpCustomAuth", "oAuth1Api",
            "oAuth2Api"];

    /// <summary>Returns a copy of the workflow in which the node uses the credential.</summary>
    public static JsonObject With(JsonObject workflow, string name, N8nCredential credential)
    {
        var copy = workflow.DeepClone().AsObject();
        var node = Find(copy, name);
        RequireFit(node, credential.Type);
        if (node["credentials"] is not JsonObject credentials) node["credentials"] = credentials = [];
        credentials[credential.Type] = new JsonObject { ["id"] = credential.Id, ["name"] = credential.Name };
        if (!IsHttpRequest(node)) return copy;

        if (node["parameters"] is not JsonObject parameters) node["parameters"] = parameters = [];
        var generic = Generic.Contains(credential.Type);
        parameters["authentication"] = generic ? "genericCredentialType" : "predefinedCredentialType";
        parameters[generic ? "genericAuthType" : "nodeCredentialType"] = credential.Type;
        return copy;
    }

    private static JsonObject Find(JsonObject workflow, string name)
    {
        var found = Workflow.Nodes(workflow).Where(n => Workflow.Text(n, "name") == name).ToList();
        return found.Count switch
        {
            0 => throw new RefusedException(404, "node_not_found", "The workflow has no node with this name. Names are case-sensitive."),
            1 => found[0],
            _ => throw Refuse.Conflict("node_ambiguous", "Several nodes of the workflow have this name. Rename all but one in n8n."),
        };
    }

    /// <summary>
    /// Refuses a type that the node may not be able to use. n8n's public API does not say which types a node accepts. An HTTP Request
    /// accepts all. Another node accepts the types that it already uses or, when it uses none, those that are named after it.
    /// </summary>
    private static void RequireFit(JsonObject node, string type)
    {
        if (IsHttpRequest(node))
        {
            if (Workflow.Text(node, "type") == HttpRequests[0] && node["typeVersion"] is JsonValue version
                && version.TryGetValue<double>(out var number) && number < MinVersion)
                throw Mismatch("the node is an HTTP Request of version 1. Set its credential in n8n's editor");
            return;
        }

        var used = node["credentials"] is JsonObject credentials ? credentials.Select(c => c.Key).ToList() : [];
        if (used.Contains(type)) return;
        if (used.Count > 0) throw Mismatch($"the node uses {string.Join(", ", used.Where(IsWord))}");
        var kind = Workflow.Text(node, "type")?.Split('.')[^1] ?? "";
        var stem = Suffix().Replace(type, "");
        if (stem.Length < MinStem || kind.Length < MinStem
            || !(kind.Contains(stem, StringComparison.OrdinalIgnoreCase) || stem.Contains(kind, StringComparison.OrdinalIgnoreCase)))
            throw Mismatch("the node uses no credential yet. If it can use this type, set one of this type once in n8n's editor");
    }

    private static bool IsHttpRequest(JsonObject node) => HttpRequests.Contains(Workflow.Text(node, "type"));

    private static RefusedException Mismatch(string why) =>
        Refuse.Conflict("credential_type_mismatch", $"The node may not be able to use a credential of this type: {why}.");

    private static bool IsWord(string type) => TypePattern().IsMatch(type);

    [GeneratedRegex("(OAuth2Api|OAuth1Api|OAuth2|Api|Auth)$", RegexOptions.CultureInvariant)]
    private static partial Regex Suffix();

    [GeneratedRegex(@"\A[A-Za-z0-9]{1,60}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TypePattern();
}
