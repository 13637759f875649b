namespace Aegis.Kernel.Events;

/// <summary>Wakes whoever waits for committed work (relay, audit sequencer) within milliseconds of the commit.</summary>
public sealed class CommitSignals
{
    private volatile TaskCompletionSource signal = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Tells all waiters that something was committed.</summary>
    public void Raise()
    {
        var raised = Interlocked.Exchange(ref signal, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
        raised.TrySetResult();
    }

    /// <summary>A task that ends at the next commit. Take it before looking for work, so that no commit falls between.</summary>
    public Task Next() => signal.Task;
}
