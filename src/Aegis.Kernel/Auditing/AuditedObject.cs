namespace Aegis.Kernel.Auditing;

/// <summary>The object that a call made or changed. The audit entry of the call uses it when the route contains no id.</summary>
public static class AuditedObject
{
    private static readonly object Item = new();
    private static readonly object NamedBySave = new();

    /// <summary>Sets the audited object unless one is set: the first object is the one that the call was about.</summary>
    public static void SetAuditedObject(this HttpContext context, string id)
    {
        lock (context) context.Items.TryAdd(Item, id); // a call may run several saves in parallel
    }

    public static string? FindAuditedObject(this HttpContext context)
    {
        lock (context) return context.Items.TryGetValue(Item, out var id) ? id as string : null;
    }

    /// <summary>Sets the object that a save is about to make or change, unless one is set.</summary>
    internal static void NameAuditedObject(this HttpContext context, string id)
    {
        lock (context)
        {
            if (context.Items.TryAdd(Item, id)) context.Items[NamedBySave] = id;
            else context.Items.Remove(NamedBySave);
        }
    }

    /// <summary>Clears the object of a failed save, because a retry may make another one.</summary>
    internal static void ForgetAuditedObject(this HttpContext context)
    {
        lock (context)
        {
            if (context.Items.Remove(NamedBySave)) context.Items.Remove(Item);
        }
    }
}
