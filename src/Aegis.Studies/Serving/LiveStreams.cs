using System.Collections.Concurrent;

namespace Aegis.Studies.Serving;

/// <summary>The streams that run on this host. They are listed so that they can be cut.</summary>
internal sealed class LiveStreams
{
    private readonly ConcurrentDictionary<LiveStream, byte> running = new();

    public bool IsEmpty => running.IsEmpty;

    public IReadOnlyList<LiveStream> All() => [.. running.Keys];

    public void Add(LiveStream stream) => running.TryAdd(stream, 0);

    public void Remove(LiveStream stream) => running.TryRemove(stream, out _);

    /// <summary>Cuts all streams of a transfer that run on this host.</summary>
    public void CutTransfer(string transferId, string reason)
    {
        foreach (var stream in running.Keys.Where(s => s.TransferId == transferId)) stream.Cut(reason);
    }

    /// <summary>Cuts all streams that were opened with a key or login.</summary>
    public void CutCredential(string credentialId, string reason)
    {
        foreach (var stream in running.Keys.Where(s => s.CredentialId == credentialId)) stream.Cut(reason);
    }
}

/// <summary>One running stream.</summary>
/// <param name="transferId">The transfer that it serves.</param>
/// <param name="credentialId">The key or login that its ticket was issued to, or null.</param>
/// <param name="windowEnd">When it must end.</param>
/// <param name="abort">Breaks the connection, which also ends a write that waits for a slow reader.</param>
internal sealed class LiveStream(string transferId, string? credentialId, DateTimeOffset windowEnd, Action abort) : IDisposable
{
    private readonly CancellationTokenSource cut = new();
    private readonly Lock guard = new();
    private bool ended;

    public string TransferId => transferId;

    public string? CredentialId => credentialId;

    public DateTimeOffset WindowEnd => windowEnd;

    public CancellationToken Token => cut.Token;

    /// <summary>Why it was cut, or null.</summary>
    public string? CutBecause { get; private set; }

    public void Cut(string because)
    {
        lock (guard)
        {
            if (ended || CutBecause is not null) return;
            CutBecause = because;
            abort();
            cut.Cancel();
        }
    }

    /// <summary>Ends the stream. It can no longer be cut, because the connection may serve the client's next request.</summary>
    public void Dispose()
    {
        lock (guard) ended = true;
        cut.Dispose();
    }
}
