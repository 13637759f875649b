namespace Aegis.Kernel.Events;

/// <summary>Who reacts to which event.</summary>
internal sealed class Listeners(IEnumerable<HandlerRegistration> handlers)
{
    private readonly HandlerRegistration[] all = [.. handlers];

    public IReadOnlyList<HandlerRegistration> All => all;

    public IEnumerable<HandlerRegistration> TakingOne => all.Where(h => !h.TakesMany);

    public IEnumerable<HandlerRegistration> TakingMany => all.Where(h => h.TakesMany);

    /// <summary>True when the event is to be stored for somebody.</summary>
    public bool Want(IEvent happened)
    {
        foreach (var handler in all)
        {
            if (handler.Wants(happened)) return true;
        }

        return false;
    }
}
