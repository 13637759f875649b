using System.IO.Pipelines;

namespace Aegis.Studies.Serving;

/// <summary>
/// The body of an answer that notices at once when its client is gone. The server takes writes to a broken connection as done and
/// cancels only later, so that a fast disk would have "served" the rest of a study to nobody.
/// </summary>
/// <param name="connection">The server's writer.</param>
/// <param name="gone">Called when the connection takes no more. What was being written then may have arrived in part.</param>
internal sealed class ClientBody(PipeWriter connection, Action gone) : WriteOnlyStream
{
    /// <summary>True once the connection took no more.</summary>
    public bool IsGone { get; private set; }

    /// <summary>
    /// A write is never given up halfway, since nobody could say how much of it had left; a cut breaks the connection, which ends it.
    /// </summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = await connection.WriteAsync(buffer, CancellationToken.None);
        if (!written.IsCompleted) return;
        IsGone = true;
        gone();
    }
}
