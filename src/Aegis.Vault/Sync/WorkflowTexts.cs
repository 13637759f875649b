namespace Aegis.Vault.Sync;

/// <summary>A text in a workflow.</summary>
/// <param name="Text">The text. It may be a secret.</param>
/// <param name="Node">Name of its node, or null.</param>
/// <param name="Path">JSON path in the workflow.</param>
internal readonly record struct WorkflowText(string Text, string? Node, string Path)
{
    public override string ToString() => $"{Path} ***";
}

/// <summary>Finds the texts of a workflow that its author wrote or pinned: the parameters of nodes, pinned data and static data.</summary>
internal static class WorkflowTexts
{
    private const int MaxKeyLength = 40; // a longer one may be a value, not a name
    private const int MaxNodeLength = 200;
    private static readonly string[] MembersOutsideNodes = ["pinData", "staticData", "settings"];

    public static IEnumerable<WorkflowText> Of(JsonElement workflow)
    {
        if (workflow.ValueKind is not JsonValueKind.Object) yield break;
        if (workflow.TryGetProperty("nodes", out var nodes) && nodes.ValueKind is JsonValueKind.Array)
        {
            var index = 0;
            foreach (var node in nodes.EnumerateArray())
            {
                var path = $"$.nodes[{index++.ToString(CultureInfo.InvariantCulture)}]";
                if (node.ValueKind is not JsonValueKind.Object) continue;
                var name = node.TryGetProperty("name", out var named) && N8nJson.Read(named) is { } text ? Cut(text) : null;
                foreach (var found in Of(node, ["parameters", "notes"], name, path)) yield return found;
            }
        }

        foreach (var found in Of(workflow, MembersOutsideNodes, node: null, "$")) yield return found;
    }

    private static IEnumerable<WorkflowText> Of(JsonElement owner, string[] members, string? node, string path)
    {
        foreach (var member in members)
        {
            if (!owner.TryGetProperty(member, out var value)) continue;
            foreach (var found in Walk(value, node, $"{path}.{member}")) yield return found;
        }
    }

    private static IEnumerable<WorkflowText> Walk(JsonElement at, string? node, string path)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.String:
                if (N8nJson.Read(at) is { } text) yield return new WorkflowText(text, node, path);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in at.EnumerateArray())
                {
                    foreach (var found in Walk(item, node, $"{path}[{index.ToString(CultureInfo.InvariantCulture)}]")) yield return found;
                    index++;
                }

                break;
            case JsonValueKind.Object:
                foreach (var member in at.EnumerateObject())
                {
                    foreach (var found in Walk(member.Value, node, path + Step(member))) yield return found;
                }

                break;
        }
    }

    private static string Step(JsonProperty member) =>
        NameOf(member) is { } key && key.Length is > 0 and <= MaxKeyLength && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_')
            ? $".{key}"
            : "[*]";

    private static string? NameOf(JsonProperty member)
    {
        try
        {
            return member.Name;
        }
        catch (InvalidOperationException)
        {
            return null; // half of a surrogate pair: see N8nJson
        }
    }

    private static string Cut(string name) => name.Length <= MaxNodeLength ? name : name[..MaxNodeLength];
}
