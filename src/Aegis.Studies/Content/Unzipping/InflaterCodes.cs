namespace Aegis.Studies.Content.Unzipping;

/// <summary>The two Huffman codes of a deflate block: literals with lengths, and distances (RFC 1951, 3.2.6 and 3.2.7).</summary>
internal sealed class InflaterCodes
{
    private const int MaxLiterals = 286;
    private const int MaxDistances = 30;
    private const int EndOfBlock = 256;

    private static ReadOnlySpan<byte> Order => [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static readonly HuffmanTable FixedLiterals =
        BuildFixed([.. Repeat(8, 144), .. Repeat(9, 112), .. Repeat(7, 24), .. Repeat(8, 8)]);
    private static readonly HuffmanTable FixedDistances = BuildFixed([.. Repeat(5, 32)]); // 30 and 31 have codes but no meaning

    private readonly HuffmanTable lengths = new();
    private readonly HuffmanTable dynamicLiterals = new();
    private readonly HuffmanTable dynamicDistances = new();

    public HuffmanTable Literals { get; private set; } = FixedLiterals;

    public HuffmanTable Distances { get; private set; } = FixedDistances;

    /// <summary>Uses the codes of fixed blocks. They are built once, because a block can be as short as ten bits.</summary>
    public bool UseFixed()
    {
        (Literals, Distances) = (FixedLiterals, FixedDistances);
        return true;
    }

    /// <summary>Reads the codes of a dynamic block. False when the input does not contain all of them yet.</summary>
    public bool Read(ref BitReader reader)
    {
        var literals = reader.Take(5) + 257;
        var distances = reader.Take(5) + 1;
        var used = reader.Take(4) + 4;
        Span<byte> sizes = stackalloc byte[19];
        for (var i = 0; i < used; i++)
            sizes[Order[i]] = (byte)reader.Take(3);
        if (reader.Starved) return false;
        if (literals > MaxLiterals || distances > MaxDistances || !BuildsWhole(sizes)) throw Inflater.Damaged();

        Span<byte> all = stackalloc byte[MaxLiterals + MaxDistances];
        all = all[..(literals + distances)];
        if (!ReadSizes(ref reader, all)) return false;
        if (all[EndOfBlock] == 0 || !dynamicLiterals.Build(all[..literals]) || !dynamicDistances.Build(all[literals..]))
            throw Inflater.Damaged();

        (Literals, Distances) = (dynamicLiterals, dynamicDistances);
        return true;
    }

    private static HuffmanTable BuildFixed(byte[] sizes)
    {
        var table = new HuffmanTable();
        table.Build(sizes);
        return table;
    }

    private static IEnumerable<byte> Repeat(byte size, int count) => Enumerable.Repeat(size, count);

    // The code for the code lengths must be complete, even if it has a single symbol.
    private bool BuildsWhole(ReadOnlySpan<byte> sizes) =>
        lengths.Build(sizes) && (sizes.Count((byte)0) < sizes.Length - 1);

    private bool ReadSizes(ref BitReader reader, scoped Span<byte> all)
    {
        for (var i = 0; i < all.Length;)
        {
            reader.Refill();
            var symbol = reader.Decode(lengths);
            if (reader.Starved) return false;
            if (symbol < 16)
            {
                all[i++] = (byte)symbol;
                continue;
            }

            var (size, repeat) = symbol switch
            {
                16 => (i > 0 ? all[i - 1] : throw Inflater.Damaged(), 3 + reader.TakeLoaded(2)),
                17 => ((byte)0, 3 + reader.TakeLoaded(3)),
                _ => ((byte)0, 11 + reader.TakeLoaded(7)),
            };
            if (reader.Starved) return false;
            if (repeat > all.Length - i) throw Inflater.Damaged();

            all.Slice(i, repeat).Fill(size);
            i += repeat;
        }

        return true;
    }
}
