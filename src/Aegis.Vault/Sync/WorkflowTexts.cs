using System.Globalization;
using System.Text.Json;

namespace Aegis.Vault.Sync;

/// <summary>A text in a workflow.</summary>
/// <param name="Text">The text. It may be a secret.</param>
/// <param name="Node">Name of its node, or null.</param>
/// <param name="Path">JSON path in the workflow.</param>
internal readonly record struct WorkflowText(string Text, string? Node, string Path)
{
    public override string ToString() => $"{Path} ***";
}

/// <summary>Walks the texts of a workflow that its author wrote or pinned: the parameters of nodes, pinned data and static data.</summary>
internal static class WorkflowTexts
{
    private const int LongestKey = 40; // what is longer may be no name but a value
    private const int LongestNode = 200;
    private static readonly string[] Beside = ["pinData", "staticData", "settings"];

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
                var name = node.TryGetProperty("name", out var named) && named.ValueKind is JsonValueKind.String ? Cut(named.GetString()!) : null;
                foreach (var member in node.EnumerateObject().Where(m => m.Name is "parameters" or "notes"))
                {
                    foreach (var found in Walk(member.Value, name, $"{path}.{member.Name}")) yield return found;
                }
            }
        }

        foreach (var member in workflow.EnumerateObject().Where(m => Beside.Contains(m.Name)))
        {
            foreach (var found in Walk(member.Value, node: null, $"$.{member.Name}")) yield return found;
        }
    }

    private static IEnumerable<WorkflowText> Walk(JsonElement at, string? node, string path)
    {
        switch (at.ValueKind)
        {
            case JsonValueKind.String:
                yield return new WorkflowText(at.GetString()!, node, path);
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
                    foreach (var found in Walk(member.Value, node, path + Step(member.Name))) yield return found;
                }

                break;
        }
    }

    private static string Step(string key) =>
        key.Length is > 0 and <= LongestKey && key.All(c => char.IsAsciiLetterOrDigit(c) || c is '_') ? $".{key}" : "[*]";

    private static string Cut(string name) => name.Length <= LongestNode ? name : name[..LongestNode];
}
