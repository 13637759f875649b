using System.Text.Json.Nodes;

namespace Aegis.Kernel.Json;

/// <summary>
/// Changes JSON as RFC 7396 says: members that are sent replace, objects are merged, <c>null</c> removes, and the rest stays.
/// </summary>
public static class MergePatch
{
    /// <summary>The target with the patch applied; neither is changed.</summary>
    /// <param name="target">What is there.</param>
    /// <param name="patch">What changes.</param>
    /// <param name="isHidden">True for the path of a member that is there and not shown in <paramref name="target"/>: its <c>null</c> is
    /// handed on.</param>
    public static JsonObject Apply(JsonObject target, JsonObject patch, Func<string, bool>? isHidden = null)
    {
        var merged = target.DeepClone().AsObject();
        foreach (var (name, change) in patch)
        {
            if (change is null && isHidden?.Invoke(name) is true) merged[name] = null;
            else if (change is null) merged.Remove(name);
            else if (change is JsonObject inner)
                merged[name] =
                    Apply(merged[name] as JsonObject ?? [], inner, isHidden is null ? null : below => isHidden($"{name}.{below}"));
            else merged[name] = change.DeepClone();
        }

        return merged;
    }
}
