namespace Aegis.Kernel.Events;

/// <summary>The handler that runs in this async flow, and whether saves are refused because the relay will save.</summary>
internal sealed class HandlerCall
{
    private static readonly AsyncLocal<HandlerCall?> Running = new();

    private HandlerCall(string handler) => Handler = handler;

    /// <summary>Null outside of handlers.</summary>
    public static HandlerCall? Current => Running.Value;

    /// <summary>The name that the handler is registered with.</summary>
    public string Handler { get; }

    /// <summary>True while the handler runs whose changes the relay saves together with its receipt.</summary>
    public bool RefusesSaves { get; private set; }

    /// <summary>Runs the delivery of events to a handler, including the relay's save.</summary>
    public static async Task Run(string handler, Func<Task> deliver)
    {
        Running.Value = new HandlerCall(handler); // visible to the calls made here, and no longer after the return
        await deliver();
    }

    /// <summary>Runs the handler with saves refused. Tasks that it started without awaiting may save again once it has returned.</summary>
    public static async Task RefusingSaves(Func<Task> handle)
    {
        var call = Current ?? throw new InvalidOperationException("Handlers are called by the relay.");
        call.RefusesSaves = true;
        try
        {
            await handle();
        }
        finally
        {
            call.RefusesSaves = false;
        }
    }
}
