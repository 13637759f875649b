namespace Aegis.Kernel.Events;

/// <summary>The registered handlers.</summary>
internal sealed class Listeners(IEnumerable<HandlerRegistration> handlers)
{
    private readonly HandlerRegistration[] all = [.. handlers];

    public IReadOnlyList<HandlerRegistration> All => all;

    public IEnumerable<HandlerRegistration> TakingOne => all.Where(h => !h.TakesMany);

    public IEnumerable<HandlerRegistration> TakingMany => all.Where(h => h.TakesMany);

    /// <summary>True when at least one handler needs the event, so that it must be stored.</summary>
    public bool Want(IEvent happened)
    {
        foreach (var handler in all)
        {
            if (handler.Wants(happened)) return true;
        }

        return false;
    }
}
