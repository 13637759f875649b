using Aegis.Audit;
using Aegis.Audit.Evidence;
using Aegis.Audit.Merkle;
using Aegis.Audit.Persistence;
using Aegis.Audit.Retention;
using Aegis.Audit.Tlog;
using Aegis.Tests.Audit.Merkle;

namespace Aegis.Tests.Audit.Verification;

/// <summary>Expired entries are deleted, and the log stays verifiable.</summary>
public sealed class RetentionTests : IAsyncLifetime
{
    private const int Days = 30;

    private AuditBed bed = null!;

    public async Task InitializeAsync()
    {
        bed = await AuditBed.Open();
        await using var scope = bed.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
        db.EvidenceKeys.Add(
            EvidenceKey.Begin(new EvidenceKeyPair("evk_1", 1, AuditBed.Signer.Verifier, []), AuditBed.Morning, AuditBed.Morning));
        await db.SaveChangesAsync();
        await bed.Run($"DELETE FROM {AuditBed.Pending}"); // removes the entry about the key, which has the present time
        await bed.Write(600); // one per second
        await Sequence();
    }

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Theory]
    [InlineData(255, 0)]
    [InlineData(256, 256)]
    [InlineData(511, 256)]
    [InlineData(512, 512)]
    [InlineData(9_999, 512)]
    public async Task A_tile_is_deleted_once_its_last_entry_has_expired(int secondsLater, int expired)
    {
        await Expire(AuditBed.Morning.AddDays(Days).AddSeconds(secondsLater - 1).AddTicks(1));

        (await bed.Column($"SELECT Expired FROM {AuditBed.Head}")).Should().Equal($"{expired}");
        (await bed.Column($"SELECT MIN(Sequence) FROM {AuditBed.Entries}")).Should().Equal($"{expired}");
        (await bed.Column($"SELECT MIN(Sequence) FROM {AuditBed.Owners}")).Should().Equal($"{expired}");
        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal(expired > 0 ? "1" : "0");
    }

    [Fact]
    public async Task After_expiry_the_log_is_sound_and_all_proofs_still_work()
    {
        var before = await Bundles();

        await Expire(AuditBed.Morning.AddDays(Days).AddSeconds(9_999));

        (await Verify()).Should().StartWith("Sound. 600 entries, 512 of them expired (only their commitments are kept)");
        await Sequence();
        (await Verify()).Should().StartWith("Sound. 601 entries, 512 of them expired (only their commitments are kept)");
        (await Bundles()).Should().Equal(before, "the leaves are unchanged");
        await using var scope = bed.Services.CreateAsyncScope();
        var tiles = scope.ServiceProvider.GetRequiredService<TileReader>();
        var leaves = new List<byte[]>();
        foreach (var number in new[] { 0, 1, 2 }) leaves.AddRange((await tiles.Hashes(0, number, default))!.Chunk(32));
        var root = Checks.Root(leaves.ToArray());
        foreach (var index in new[] { 0, 511, 600 })
            Checks.Includes(index, 601, leaves[index], await tiles.Hashes(ProofPaths.Inclusion(index, 601), default), root)
                .Should().BeTrue();
        Checks.Extends(100, Checks.Root(leaves.Take(100).ToArray()), 601, root,
            await tiles.Hashes(ProofPaths.Consistency(100, 601), default)).Should().BeTrue();
    }

    [Fact]
    public async Task Entries_that_no_checkpoint_covers_are_not_deleted()
    {
        await bed.Run($"UPDATE {AuditBed.Head} SET CheckpointSize = 300");

        await Expire(AuditBed.Morning.AddDays(Days).AddSeconds(9_999));

        (await bed.Column($"SELECT Expired FROM {AuditBed.Head}")).Should().Equal("256");
    }

    [Fact]
    public async Task Deleting_more_than_retention_recorded_is_detected()
    {
        await Expire(AuditBed.Morning.AddDays(Days).AddSeconds(300));
        await bed.Run(
            $"INSERT INTO {AuditBed.Tiles} (Level, Number, Hashes) SELECT -1, 1, Hashes FROM {AuditBed.Tiles} WHERE Level = 0 AND "
                + "Number = 1");
        await bed.Run($"UPDATE {AuditBed.Head} SET Expired = 512");
        await bed.Run($"DELETE FROM {AuditBed.Entries} WHERE Sequence < 512");

        (await Verify()).Should().StartWith("NOT SOUND.").And.Contain("Entry 256");
    }

    [Fact]
    public async Task A_deletion_that_imitates_retention_is_detected()
    {
        await using (var scope = bed.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
            var entries = await db.Entries.AsNoTracking().Where(e => e.Sequence < 256).OrderBy(e => e.Sequence).ToListAsync();
            db.Tiles.Add(TileRow.Keep(0, [.. entries.SelectMany(e => Hashing.Commitment(e.Salt, e.Body))]));
            await db.SaveChangesAsync();
        }

        await bed.Run($"UPDATE {AuditBed.Head} SET Expired = 256");
        await bed.Run($"DELETE FROM {AuditBed.Entries} WHERE Sequence < 256");

        (await Verify())
            .Should().Be("NOT SOUND. Entry 0 is missing: retention deleted the entries before 0, but those before 256 are missing.");
    }

    private async Task Expire(DateTimeOffset now)
    {
        await using var scope = bed.Services.CreateAsyncScope();
        var clock = new FixedTime(now);
        await new ExpireEntriesJob(
            scope.ServiceProvider.GetRequiredService<AuditDb>(), new AuditOptions { RetentionDays = Days }, clock).Run(default);
    }

    private async Task Sequence()
    {
        var host = bed.Host();
        while (await host.Advance(default)) { }
        await host.StopAsync(default);
    }

    private async Task<byte[]> Bundles()
    {
        await using var scope = bed.Services.CreateAsyncScope();
        var bundles = scope.ServiceProvider.GetRequiredService<EntryBundle>();
        return [.. (await bundles.Read(0, 256, default))!, .. (await bundles.Read(1, 7, default))!,
            .. (await bundles.Read(2, 88, default))!];
    }

    private async Task<string> Verify()
    {
        using var output = new StringWriter();
        await AuditModule.Verify(bed.Services, null, output, TextWriter.Null, default);
        return output.ToString().Trim();
    }

    private sealed class FixedTime(DateTimeOffset now) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => now;
    }
}
