namespace Aegis.Vault.Applying;

/// <summary>
/// Lets this host change one workflow at a time: n8n replaces workflows whole, so two changes at once would undo each other.
/// </summary>
internal sealed class WorkflowTurns : IDisposable
{
    private const int Places = 64; // workflows that share a place wait for each other, which does no harm

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Places).Select(_ => new SemaphoreSlim(1))];

    public async Task<T> Take<T>(string organizationId, string workflowId, Func<Task<T>> work, CancellationToken ct)
    {
        var turn = turns[(uint)HashCode.Combine(organizationId, workflowId) % Places];
        await turn.WaitAsync(ct);
        try
        {
            return await work();
        }
        finally
        {
            turn.Release();
        }
    }

    public void Dispose()
    {
        foreach (var turn in turns) turn.Dispose();
    }
}
