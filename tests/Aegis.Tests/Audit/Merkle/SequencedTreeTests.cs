using Aegis.Audit.Checkpoints;
using Aegis.Audit.Merkle;
using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Audit.Notes;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Audit.Merkle;

/// <summary>The tree that the sequencer stores with the log, and the checkpoints it signs.</summary>
public sealed class SequencedTreeTests
{
    [Fact]
    public async Task The_stored_tree_matches_the_stored_entries()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host();
        foreach (var count in new[] { 1, 255, 3, 900 })
        {
            await bed.Write(count);
            while (await host.Advance(default)) { }
        }

        await host.StopAsync(default);

        await bed.ShouldHaveItsTree(1_159);
        Open(bed.Checkpoints.Last()!).Size.Should().Be(1_159);
    }

    [Fact]
    public async Task Entries_from_before_the_tree_existed_are_hashed_first()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host();
        for (var i = 0; i < 10; i++) await bed.Write(500);
        while (await host.Advance(default)) { }
        await host.StopAsync(default);
        await bed.Run($"DELETE FROM {AuditBed.Tiles}");
        await bed.Run($"UPDATE {AuditBed.Head} SET Hashed = 0, CheckpointSize = 0, [Checkpoint] = NULL");
        File.Delete(bed.Checkpoints.Path);
        await bed.Write(2);

        var upgraded = bed.Host();
        while (await upgraded.Advance(default)) { }
        await upgraded.StopAsync(default);

        await bed.ShouldHaveItsTree(5_002);
    }

    [Fact]
    public async Task Another_host_continues_the_tree_of_the_first()
    {
        await using var bed = await AuditBed.Open();
        var (first, second) = (bed.Host(), bed.Host());
        await bed.Write(300);
        await first.Advance(default);
        await first.StopAsync(default);
        await bed.Write(300);

        await second.Advance(default);
        await second.StopAsync(default);

        await bed.ShouldHaveItsTree(600);
    }

    [Fact]
    public async Task A_growing_log_gets_exactly_one_checkpoint_per_second()
    {
        await using var bed = await AuditBed.Open();
        var clock = new SteppedTime();
        var host = bed.Host(clock);
        for (var i = 0; i < 21; i++)
        {
            await bed.Write(1);
            await host.Advance(default);
            clock.Step(TimeSpan.FromMilliseconds(100));
        }

        bed.Checkpoints.Read().Select(n => Open(n.Note).Size).Should().Equal(1, 11, 21);
        (await bed.Column($"SELECT CheckpointSize FROM {AuditBed.Head}")).Should().Equal("21");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task The_last_entries_are_signed_although_no_more_entries_come()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host();
        await host.StartAsync(default);
        for (var i = 0; i < 3; i++)
        {
            await bed.Write(1);
            await Task.Delay(100);
        }

        await AuditBed.Eventually(async () => (await bed.Column($"SELECT CheckpointSize FROM {AuditBed.Head}"))[0] == "3");
        await host.StopAsync(default);
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("rewritten")]
    [InlineData("of another log")]
    [InlineData("rewritten in the database")]
    public async Task A_log_that_contradicts_the_last_checkpoint_is_not_signed(string how)
    {
        await using var bed = await AuditBed.Open();
        await bed.Write(300);
        var honest = bed.Host();
        await honest.Advance(default);
        await honest.StopAsync(default);
        var before = bed.Checkpoints.Read().ToList();
        await Change(bed, how);
        await bed.Write(1);
        using var logs = new CapturedLogs();
        using var factory = new LoggerFactory([logs]);
        var clock = new SteppedTime();
        var next = bed.Host(clock, notaryLog: factory.CreateLogger<Notary>());

        await next.Advance(default);
        clock.Step(TimeSpan.FromSeconds(60));
        await next.Advance(default);
        await next.StopAsync(default);

        logs.Lines.Should().Contain(l => l.StartsWith("Critical") && l.Contains("contradicts"));
        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal(["0"], "entries are still sequenced");
        if (bed.Checkpoints.Exists && how != "of another log") bed.Checkpoints.Read().Should().Equal(before);
        (await bed.Column($"SELECT CheckpointSize FROM {AuditBed.Head}")).Should().Equal(how == "cut" ? "0" : "300");
    }

    [Fact]
    public async Task An_unwritable_file_delays_neither_entries_nor_published_checkpoints()
    {
        await using var bed = await AuditBed.Open();
        Directory.CreateDirectory(bed.Checkpoints.Path);
        var clock = new SteppedTime();
        var host = bed.Host(clock);
        await bed.Write(2);
        await host.Advance(default);
        var published = await bed.Column($"SELECT CheckpointSize FROM {AuditBed.Head}");
        Directory.Delete(bed.Checkpoints.Path);
        clock.Step(TimeSpan.FromSeconds(10));

        await host.Advance(default);

        published.Should().Equal("2");
        Open(bed.Checkpoints.Last()!).Size.Should().Be(2, "it is filed once the file is writable, without a new entry");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_key_that_cannot_sign_does_not_delay_entries()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host(signer: _ => throw new InvalidOperationException("no key"));
        await bed.Write(2);

        await host.Advance(default);

        (await bed.Column($"SELECT Hashed FROM {AuditBed.Head}")).Should().Equal("2");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_checkpoint_torn_by_a_power_failure_is_replaced_by_the_next_one()
    {
        await using var bed = await AuditBed.Open();
        var file = bed.Checkpoints;
        file.Append(Note(1), 1);
        var whole = File.ReadAllText(file.Path);
        foreach (var length in new[] { 1, 12, Note(2).Length - 1, Note(2).Length })
        {
            File.WriteAllText(file.Path, whole + Note(2)[..length]);

            file.Last().Should().Be(Note(1));
            file.Append(Note(3), 3);

            file.Read().Should().Equal(new FiledNote(1, Note(1), true), new FiledNote(7, Note(3), true));
        }
    }

    [Fact]
    public async Task Only_larger_checkpoints_are_appended()
    {
        await using var bed = await AuditBed.Open();
        var file = bed.Checkpoints;
        for (var i = 0; i < 400; i++) file.Append(Note(i + 1), i + 1);

        file.Append(Note(400), 400);
        file.Append(Note(7), 7);

        file.Read().Select(n => Open(n.Note).Size).Should().Equal(Enumerable.Range(1, 400).Select(i => (long)i));
    }

    private static string Note(long size) =>
        SignedNote.Sign(new Checkpoint(AuditBed.Signer.Name, size, new byte[32]).Text, AuditBed.Signer);

    private static Checkpoint Open(string note)
    {
        SignedNote.TryOpen(note, [AuditBed.Signer.Verifier], out var text).Should().BeTrue();
        return Checkpoint.Parse(text!)!;
    }

    private static async Task Change(AuditBed bed, string how)
    {
        switch (how)
        {
            case "cut":
                foreach (var table in new[] { AuditBed.Entries, AuditBed.Owners, AuditBed.Tiles, AuditBed.Head })
                    await bed.Run($"DELETE FROM {table}");
                break;
            case "of another log":
                File.WriteAllText(bed.Checkpoints.Path, File.ReadAllText(bed.Checkpoints.Path).Replace("log.example", "other.example"));
                break;
            case "rewritten in the database":
                File.Delete(bed.Checkpoints.Path);
                goto default;
            default:
                await bed.Run(
                    $"UPDATE {AuditBed.Tiles} SET Hashes = (SELECT Hashes FROM {AuditBed.Tiles} WHERE Level = 1) WHERE Level = 0 AND "
                        + "Number = 0");
                await bed.Run(
                    $"UPDATE {AuditBed.Tiles} SET Hashes = (SELECT Salt FROM {AuditBed.Entries} WHERE Sequence = 0) WHERE Level = 1 AND "
                        + "Number = 0");
                break;
        }
    }
}
