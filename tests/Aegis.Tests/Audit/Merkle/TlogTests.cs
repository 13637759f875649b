using System.Buffers.Binary;
using Aegis.Audit.Checkpoints;
using Aegis.Audit.Merkle;
using Aegis.Audit.Persistence;
using Aegis.Audit.Tlog;
using Aegis.Kernel.Auditing;

namespace Aegis.Tests.Audit.Merkle;

/// <summary>A log of 600 entries that does not change.</summary>
public sealed class TlogHost : IAsyncLifetime
{
    public const int Size = 600;

    internal AuditHost Host { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await AuditHost.Start();
        var trail = Host.Services.GetRequiredService<IAuditTrail>();
        await Task.WhenAll(Enumerable.Range(0, Size).Select(i => trail.Write(AuditBed.Fact(i), default)));
        await AuditBed.Eventually(async () => (await Checkpoint()) is { Size: Size });
    }

    public async Task DisposeAsync() => await Host.DisposeAsync();

    internal async Task<Checkpoint?> Checkpoint() =>
        Aegis.Audit.Checkpoints.Checkpoint.Parse((await Host.As("cons_456").Get("/v1/audit/tlog/checkpoint")).Text);
}

/// <summary>The log in the format of C2SP tlog-tiles over HTTP.</summary>
public sealed class TlogTests(TlogHost log) : IClassFixture<TlogHost>
{
    private readonly AuditHost host = log.Host;

    [Fact]
    public async Task Tiles_and_entries_match_the_root_of_the_checkpoint()
    {
        byte[] level0 = [.. await Bytes("tile/0/000"), .. await Bytes("tile/0/001"), .. await Bytes("tile/0/002.p/88")];
        byte[] entries = [.. await Bytes("tile/entries/000"), .. await Bytes("tile/entries/001"), .. await Bytes("tile/entries/002.p/88")];
        var leaves = level0.Chunk(32).ToArray();

        leaves.Should().HaveCount(TlogHost.Size);
        var checkpoint = (await log.Checkpoint())!;
        Checks.Root(leaves).Should().Equal(checkpoint.Root);
        foreach (var (entry, index) in entries.Chunk(42).Select((e, i) => (e, i)))
        {
            BinaryPrimitives.ReadUInt16BigEndian(entry).Should().Be(40);
            BinaryPrimitives.ReadInt64BigEndian(entry.AsSpan(2)).Should().Be(index);
            Hashing.Leaf(entry.AsSpan(2)).Should().Equal(leaves[index]);
        }

        (await Bytes("tile/1/000.p/2")).Should().Equal([.. Checks.Root(leaves.AsSpan(0, 256)), .. Checks.Root(leaves.AsSpan(256, 256))]);
    }

    [Fact]
    public async Task Every_earlier_width_of_a_tile_stays_available()
    {
        var whole = await Bytes("tile/0/000");
        foreach (var width in new[] { 1, 2, 44, 255 })
        {
            (await Bytes($"tile/0/000.p/{width}")).Should().Equal(whole[..(width * 32)]);
            (await Bytes($"tile/entries/000.p/{width}")).Should().HaveCount(width * 42);
        }
    }

    [Theory]
    [InlineData("tile/0/002")]
    [InlineData("tile/0/002.p/89")]
    [InlineData("tile/0/003.p/1")]
    [InlineData("tile/1/000")]
    [InlineData("tile/1/000.p/3")]
    [InlineData("tile/2/000.p/1")]
    [InlineData("tile/-1/000")]
    [InlineData("tile/00/000")]
    [InlineData("tile/0/0")]
    [InlineData("tile/0/x000/000")]
    [InlineData("tile/0/x999/x999/x999/x999/x999/999")]
    [InlineData("tile/0/000.p/0")]
    [InlineData("tile/0/000.p/256")]
    [InlineData("tile/0/000.p/01")]
    [InlineData("tile/8/0/000")]
    [InlineData("tile/entries/002.p/89")]
    [InlineData("tile/entries/003.p/1")]
    [InlineData("tile/entries/x000/001")]
    [InlineData("tile/0")]
    [InlineData("tile/0/")]
    [InlineData("tile/entries/")]
    public async Task A_missing_tile_or_a_non_canonical_path_is_not_found(string path)
    {
        (await host.As("cons_456").Get($"/v1/audit/tlog/{path}")).ShouldBeRefused(HttpStatusCode.NotFound, "not_found");
    }

    [Fact]
    public async Task Tiles_are_bytes_and_checkpoints_are_text()
    {
        var caller = host.As("cons_456");
        var tile = (await caller.Get("/v1/audit/tlog/tile/0/000")).ShouldBe(HttpStatusCode.OK);
        var checkpoint = (await caller.Get("/v1/audit/tlog/checkpoint")).ShouldBe(HttpStatusCode.OK);

        tile.ContentHeaders.ContentType!.ToString().Should().Be("application/octet-stream");
        checkpoint.ContentHeaders.ContentType!.ToString().Should().Be("text/plain; charset=utf-8");
    }

    [Fact]
    public async Task Any_authenticated_caller_may_read_the_log_and_reading_adds_no_entry()
    {
        await Bytes("tile/0/000");
        (await host.As(AuditHost.NoScope).Get("/v1/audit/tlog/checkpoint")).ShouldBe(HttpStatusCode.OK);
        (await host.As("cons_456").Get("/v1/audit/tlog/tile/0/009")).ShouldBe(HttpStatusCode.NotFound);
        (await host.Anonymous.Get("/v1/audit/tlog/checkpoint")).ShouldBe(HttpStatusCode.Unauthorized);

        var entries = (await host.Services.CreateAsyncScope().ServiceProvider.GetRequiredService<AuditDb>().Entries.CountAsync());
        entries.Should().Be(TlogHost.Size);
    }

    [Theory]
    [InlineData("000", 0, 256)]
    [InlineData("067", 67, 256)]
    [InlineData("x001/067", 1_067, 256)]
    [InlineData("x123/x456/789.p/255", 123_456_789, 255)]
    public void Tile_numbers_are_written_in_groups_of_three_digits(string path, long number, int width) =>
        TilePath.Parse(path).Should().Be(new TilePath(number, width));

    private async Task<byte[]> Bytes(string path) =>
        (await host.As("cons_456").Get($"/v1/audit/tlog/{path}")).ShouldBe(HttpStatusCode.OK).Body;
}
