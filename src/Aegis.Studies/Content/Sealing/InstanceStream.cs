namespace Aegis.Studies.Content.Sealing;

/// <summary>
/// Takes the bytes of one instance of a study. Disposing it does nothing: <see cref="SealedStudyWriter.EndInstance"/> ends it.
/// </summary>
internal sealed class InstanceStream(SealedStudyWriter writer) : WriteOnlyStream
{
    private bool ended;

    public override bool CanWrite => !ended;

    public void End() => ended = true;

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        return writer.Append(buffer, cancellationToken);
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        ObjectDisposedException.ThrowIf(ended, this);
        writer.Append(buffer);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
}
