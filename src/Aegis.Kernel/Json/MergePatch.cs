using System.Text.Json.Nodes;

namespace Aegis.Kernel.Json;

/// <summary>
/// Changes JSON as RFC 7396 says: members that are sent replace, objects are merged, <c>null</c> removes, and the rest stays.
/// </summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied; neither is changed.</summary>
    public static JsonObject Apply(JsonObject target, JsonObject patch)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, change) in patch)
        {
            if (change is null) merged.Remove(name);
            else if (change is JsonObject inner) merged[name] = Apply(merged[name] as JsonObject ?? [], inner);
            else merged[name] = change.DeepClone();
        }

        return merged;
    }
}
