namespace Aegis.Kernel.Events;

/// <summary>Wakes all waiters within milliseconds.</summary>
public sealed class Signal
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes all current waiters.</summary>
    public void Raise()
    {
        var raised = Interlocked.Exchange(ref signal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        raised.TrySetResult();
    }

    /// <summary>
    /// A task that completes when the signal is raised next. Take it before looking for work, so that no signal is missed in between.
    /// </summary>
    public Task Next() => signal.Task;
}
