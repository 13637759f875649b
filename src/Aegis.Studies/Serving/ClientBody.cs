using System.IO.Pipelines;

namespace Aegis.Studies.Serving;

/// <summary>
/// The body of an answer, which notices at once when its client has disconnected. The server treats writes to a broken connection as
/// successful and cancels only later. With a fast disk, the rest of a study would count as served although nobody received it.
/// </summary>
/// <param name="connection">The server's writer.</param>
/// <param name="gone">Called when the connection accepts no more bytes. The buffer being written may have arrived in part.</param>
internal sealed class ClientBody(PipeWriter connection, Action gone) : WriteOnlyStream
{
    /// <summary>True once the connection accepts no more bytes.</summary>
    public bool IsGone { get; private set; }

    /// <summary>
    /// A write is never cancelled, because then nobody would know how much of it was sent. A cut breaks the connection, which ends the
    /// write.
    /// </summary>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var written = await connection.WriteAsync(buffer, CancellationToken.None);
        if (!written.IsCompleted) return;
        IsGone = true;
        gone();
    }
}
