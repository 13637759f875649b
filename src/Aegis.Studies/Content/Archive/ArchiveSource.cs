namespace Aegis.Studies.Content.Archive;

/// <summary>
/// The content of one buffer of an archive: the payload interval [From, To) in the plaintext, and the bytes including framing.
/// </summary>
internal readonly record struct ServedSlice(long From, long To, int Bytes);

/// <summary>Fills buffers with a range of the archive, decrypted and framed. For one caller at a time.</summary>
internal sealed class ArchiveSource(IEnumerator<ArchiveSegment> segments, SealedStudyCursor cursor, PayloadCheck? check = null)
{
    private ArchiveSegment current;
    private long taken;

    /// <summary>Fills the buffer as far as data is left. A slice without bytes means the end.</summary>
    public ServedSlice Fill(Span<byte> buffer)
    {
        var filled = 0;
        var (from, to) = (-1L, -1L); // instances are contiguous, so the payload of a buffer is one interval
        while (filled < buffer.Length && Advance())
        {
            var count = (int)Math.Min(buffer.Length - filled, current.Length - taken);
            var target = buffer.Slice(filled, count);
            if (current.IsPayload)
            {
                var offset = current.Offset + taken;
                cursor.Read(offset, target);
                check?.Take(current.Instance, target);
                from = from < 0 ? offset : from;
                to = offset + count;
            }
            else
            {
                current.Framing.Span.Slice((int)taken, count).CopyTo(target);
            }

            filled += count;
            taken += count;
        }

        return new ServedSlice(Math.Max(0, from), Math.Max(0, to), filled);
    }

    private bool Advance()
    {
        while (taken == current.Length)
        {
            if (!segments.MoveNext()) return false;

            (current, taken) = (segments.Current, 0);
        }

        return true;
    }
}
