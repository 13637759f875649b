namespace Aegis.Kernel.Events;

/// <summary>Wakes whoever waits, within milliseconds.</summary>
public sealed class Signal
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Wakes all that wait now.</summary>
    public void Raise()
    {
        var raised = Interlocked.Exchange(ref signal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        raised.TrySetResult();
    }

    /// <summary>A task that ends when the signal is raised next. Take it before looking for work, so that nothing falls between.</summary>
    public Task Next() => signal.Task;
}
