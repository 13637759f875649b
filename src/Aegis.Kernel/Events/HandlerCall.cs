namespace Aegis.Kernel.Events;

/// <summary>Which handler runs in this flow of calls, and whether it must leave saving to the relay.</summary>
internal sealed class HandlerCall
{
    private static readonly AsyncLocal<HandlerCall?> Running = new();

    private HandlerCall(string handler) => Handler = handler;

    /// <summary>Null outside of handlers.</summary>
    public static HandlerCall? Current => Running.Value;

    /// <summary>The name that the handler is registered under.</summary>
    public string Handler { get; }

    /// <summary>True until a handler has returned whose effect the relay saves together with its receipt.</summary>
    public bool RefusesSaves { get; private set; }

    /// <summary>Runs the delivery of events to a handler, the relay's own save included.</summary>
    public static async Task Run(string handler, Func<Task> deliver)
    {
        Running.Value = new HandlerCall(handler); // seen by what is called from here, and by nobody after the return
        await deliver();
    }

    /// <summary>Runs the handler itself. What it started and did not wait for may save again when it has returned.</summary>
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
