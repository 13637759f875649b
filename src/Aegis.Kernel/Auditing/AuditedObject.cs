namespace Aegis.Kernel.Auditing;

/// <summary>The object that a call made or changed, for its audit entry when the route names none.</summary>
public static class AuditedObject
{
    private static readonly object Item = new();
    private static readonly object NamedBySave = new();

    /// <summary>Keeps the first object: what follows from it is not what was called for.</summary>
    public static void SetAuditedObject(this HttpContext context, string id)
    {
        lock (context) context.Items.TryAdd(Item, id); // a call may save several things beside each other
    }

    public static string? FindAuditedObject(this HttpContext context)
    {
        lock (context) return context.Items.TryGetValue(Item, out var id) ? id as string : null;
    }

    /// <summary>Names the object that a save is about to make or change, unless one is known.</summary>
    internal static void NameAuditedObject(this HttpContext context, string id)
    {
        lock (context)
        {
            if (context.Items.TryAdd(Item, id)) context.Items[NamedBySave] = id;
            else context.Items.Remove(NamedBySave);
        }
    }

    /// <summary>Forgets the object of a save that failed: what is decided anew may make another one.</summary>
    internal static void ForgetAuditedObject(this HttpContext context)
    {
        lock (context)
        {
            if (context.Items.Remove(NamedBySave)) context.Items.Remove(Item);
        }
    }
}
