using Aegis.Audit.Merkle;

namespace Aegis.Tests.Audit.Merkle;

public sealed class MerkleTests
{
    /// <summary>The leaves and roots that implementations of RFC 6962 use as test vectors.</summary>
    private static readonly string[] Inputs =
        ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"];

    private static readonly string[] Roots =
    [
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ];

    private const int Count = 300; // more than one full tile

    private static readonly byte[][] Leaves =
        [.. Enumerable.Range(0, Count).Select(i => Hashing.Leaf(Encoding.ASCII.GetBytes($"leaf {i}")))];

    [Fact]
    public void The_roots_equal_the_known_test_vectors()
    {
        var leaves = Inputs.Select(i => Hashing.Leaf(Convert.FromHexString(i))).ToList();

        var roots = Enumerable.Range(0, leaves.Count + 1).Select(n => Hex(TreeEdge.Empty.Append(leaves.Take(n).ToList()).Edge.Root()));

        roots.Should().Equal(Roots);
    }

    [Fact]
    public void A_leaf_commits_to_sequence_salt_and_body()
    {
        byte[] salt = [.. Enumerable.Repeat((byte)7, 32)];
        var body = "{\"id\":\"log_1\"}"u8.ToArray();

        var data = Hashing.LeafData(258, Hashing.Commitment(salt, body));

        Hex(data).Should().Be("0000000000000102" + Hex(System.Security.Cryptography.SHA256.HashData([.. salt, .. body])));
        Hex(Hashing.Leaf(data)).Should().Be(Hex(System.Security.Cryptography.SHA256.HashData([0, .. data])));
    }

    [Fact]
    public void The_root_of_every_size_equals_the_definition_for_any_batch_size()
    {
        foreach (var step in new[] { 1, 7, 255, 256, 300 })
        {
            var edge = TreeEdge.Empty;
            for (var size = 0; size < Count;)
            {
                (edge, _) = edge.Append(Leaves[size..Math.Min(Count, size + step)]);
                size = (int)edge.Size;

                Hex(edge.Root()).Should().Be(Hex(Checks.Root(Leaves.AsSpan(0, size))), "size {0}, appended by {1}", size, step);
            }
        }
    }

    [Fact]
    public void The_stored_tiles_prove_every_leaf_at_every_size()
    {
        for (var size = 1; size <= Count; size++)
        {
            var (tiles, root) = (Stored(size), Checks.Root(Leaves.AsSpan(0, size)));
            foreach (var index in Enumerable.Range(0, size).Where(i => size < 70 || i % 13 == size % 13 || i > size - 3))
            {
                var path = Hashes(tiles, ProofPaths.Inclusion(index, size));

                Checks.Includes(index, size, Leaves[index], path, root).Should().BeTrue("{0} of {1}", index, size);
                Checks.Includes(index, size, Leaves[(index + 1) % Count], path, root).Should().BeFalse();
                if (size > 1) Checks.Includes((index + 1) % size, size, Leaves[index], path, root).Should().BeFalse();
            }
        }
    }

    [Fact]
    public void The_stored_tiles_prove_that_every_size_extends_every_smaller_one()
    {
        for (var larger = 0; larger <= Count; larger += larger < 66 ? 1 : 9)
        {
            var (tiles, root) = (Stored(larger), Checks.Root(Leaves.AsSpan(0, larger)));
            for (var smaller = 0; smaller <= larger; smaller++)
            {
                var path = Hashes(tiles, ProofPaths.Consistency(smaller, larger));
                var old = Checks.Root(Leaves.AsSpan(0, smaller));

                Checks.Extends(smaller, old, larger, root, path).Should().BeTrue("{0} of {1}", smaller, larger);
                if (smaller > 0) Checks.Extends(smaller, Leaves[0][..31].Append((byte)1).ToArray(), larger, root, path).Should().BeFalse();
            }
        }
    }

    [Fact]
    public void A_loaded_edge_continues_like_the_original()
    {
        foreach (var size in new[] { 0, 1, 255, 256, 257, 299 })
        {
            var tiles = Stored(size);

            var loaded = TreeEdge.From(
                size, tiles.Where(t => TreeEdge.Unfinished(size).Contains((t.Key.Level, t.Key.Number))).Select(t => t.Value).ToList());

            Hex(loaded.Append(Leaves[size..]).Edge.Root()).Should().Be(Hex(Checks.Root(Leaves)));
        }
    }

    [Fact]
    public void Tiles_are_created_and_extended_as_the_tree_grows()
    {
        var (first, made) = TreeEdge.Empty.Append(Leaves[..250]);
        var (_, grown) = first.Append(Leaves[250..260]);

        made.Select(t => (t.Tile.Level, t.Tile.Number, t.Tile.Width, t.IsNew)).Should().Equal((0, 0L, 250, true));
        grown.Select(t => (t.Tile.Level, t.Tile.Number, t.Tile.Width, t.IsNew))
            .Should().Equal((0, 0L, 256, false), (0, 1L, 4, true), (1, 0L, 1, true));
        Hex(grown[2].Tile.Hash(0)).Should().Be(Hex(Checks.Root(Leaves.AsSpan(0, 256))));
    }

    [Fact]
    public void Loading_an_edge_with_missing_hashes_fails()
    {
        var load = () => TreeEdge.From(5, [new Tile(0, 0, new byte[4 * Hashing.Length])]);

        load.Should().Throw<InvalidDataException>();
    }

    [Fact]
    public void A_tree_of_three_levels_has_the_root_by_definition()
    {
        const int size = 66_000;
        var leaves = Enumerable.Range(0, size).Select(i => Hashing.Leaf(BitConverter.GetBytes(i))).ToArray();

        var (edge, tiles) = TreeEdge.Empty.Append(leaves);

        Hex(edge.Root()).Should().Be(Hex(Checks.Root(leaves)));
        tiles.Max(t => t.Tile.Level).Should().Be(2);
        var stored = tiles.ToDictionary(t => (t.Tile.Level, t.Tile.Number), t => t.Tile);
        foreach (var index in new[] { 0, 255, 256, 65_535, 65_536, 65_999 })
            Checks.Includes(index, size, leaves[index], Hashes(stored, ProofPaths.Inclusion(index, size)), edge.Root()).Should().BeTrue();
        foreach (var smaller in new[] { 1, 256, 65_535, 65_536, 65_537 })
        {
            Checks.Extends(smaller, Checks.Root(leaves.AsSpan(0, smaller)), size, edge.Root(),
                Hashes(stored, ProofPaths.Consistency(smaller, size)))
                .Should().BeTrue();
        }
    }

    private static Dictionary<(int Level, long Number), Tile> Stored(int size)
    {
        var stored = new Dictionary<(int, long), Tile>();
        var edge = TreeEdge.Empty;
        for (var at = 0; at < size; at += 100)
        {
            (edge, var tiles) = edge.Append(Leaves[at..Math.Min(size, at + 100)]);
            foreach (var (tile, isNew) in tiles)
            {
                stored.ContainsKey((tile.Level, tile.Number)).Should().Be(!isNew);
                stored[(tile.Level, tile.Number)] = tile;
            }
        }

        return stored;
    }

    private static List<byte[]> Hashes(Dictionary<(int Level, long Number), Tile> tiles, IReadOnlyList<IReadOnlyList<Subtree>> path) =>
        path.Select(range =>
        Subtree.Fold(range.Select(s =>
        {
            var (level, number, first, count) = Tile.Of(s);
            return tiles[(level, number)].Root(first, count);
        }).ToList())).ToList();

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
