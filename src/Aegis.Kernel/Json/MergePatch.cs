using System.Text.Json.Nodes;

namespace Aegis.Kernel.Json;

/// <summary>
/// Applies a JSON merge patch (RFC 7396): sent members replace, objects are merged, <c>null</c> removes, and other members stay.
/// </summary>
public static class MergePatch
{
    /// <summary>Returns the target with the patch applied. Neither argument is changed.</summary>
    /// <param name="target">The present JSON.</param>
    /// <param name="patch">The changes.</param>
    /// <param name="isHidden">True for the path of a member that exists but is not shown in <paramref name="target"/>. Its
    /// <c>null</c> stays in the result.</param>
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
