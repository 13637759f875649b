namespace Aegis.Vault.Applying;

/// <summary>
/// Serializes changes of one workflow on this host: n8n replaces whole workflows, so two changes at once would overwrite each other.
/// </summary>
internal sealed class WorkflowTurns : IDisposable
{
    private const int Slots = 64; // workflows that share a slot wait for each other, which does no harm

    private readonly SemaphoreSlim[] turns = [.. Enumerable.Range(0, Slots).Select(_ => new SemaphoreSlim(1))];

    public async Task<T> Take<T>(string organizationId, string workflowId, Func<Task<T>> work, CancellationToken ct)
    {
        var turn = turns[(uint)HashCode.Combine(organizationId, workflowId) % Slots];
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
