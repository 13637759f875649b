using System.Buffers.Binary;

namespace Aegis.Audit.Tlog;

/// <summary>
/// The leaves of a tile: for each, a big-endian 16-bit length and the leaf's data. They contain only commitments, so they do not reveal
/// what happened.
/// </summary>
internal sealed class EntryBundle(AuditDb db, TileReader tiles)
{
    /// <summary>The bundle; null if the log does not reach that far.</summary>
    public async Task<byte[]?> Read(long number, int width, CancellationToken ct)
    {
        var first = number * Tile.MaxHashes;
        var commitments = await Commitments(first, width, ct);
        if (commitments is null) return null;

        const int entryLength = sizeof(ushort) + Hashing.LeafDataLength;
        var bundle = new byte[width * entryLength];
        for (var i = 0; i < width; i++)
        {
            var entry = bundle.AsSpan(i * entryLength, entryLength);
            BinaryPrimitives.WriteUInt16BigEndian(entry, Hashing.LeafDataLength);
            Hashing.LeafData(first + i, commitments[i]).CopyTo(entry[sizeof(ushort)..]);
        }

        return bundle;
    }

    private async Task<List<byte[]>?> Commitments(long first, int width, CancellationToken ct)
    {
        var entries = await db.Entries.AsNoTracking().Where(e => e.Sequence >= first && e.Sequence < first + width).OrderBy(e => e.Sequence)
            .Select(e => new { e.Salt, e.Body }).ToListAsync(ct);
        if (entries.Count == width) return entries.ConvertAll(e => Hashing.Commitment(e.Salt, e.Body));

        // The entries have expired. For whole tiles the commitments are kept.
        var kept = await tiles.Hashes(TileRow.Commitments, first / Tile.MaxHashes, ct);
        return kept is null
            ? null
            : Enumerable.Range(0, width).Select(new Tile(TileRow.Commitments, first / Tile.MaxHashes, kept).Hash).ToList();
    }
}
