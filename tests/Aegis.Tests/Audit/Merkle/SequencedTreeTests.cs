using Aegis.Audit.Checkpoints;
using Aegis.Audit.Merkle;
using Aegis.Audit.Persistence;
using Aegis.Audit.Sequencing;
using Aegis.Audit.Notes;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Audit.Merkle;

/// <summary>The tree that the sequencer keeps beside the log, and what it signs of it.</summary>
public sealed class SequencedTreeTests
{
    [Fact]
    public async Task The_stored_tree_is_that_of_the_stored_entries()
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
    public async Task Entries_that_are_older_than_the_tree_are_hashed_first()
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
    public async Task Another_host_goes_on_with_the_tree_of_the_first()
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
    public async Task There_is_a_checkpoint_within_a_second_and_not_more_than_one_a_second()
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
    public async Task A_quiet_log_is_signed_to_its_end_by_itself()
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
    public async Task What_contradicts_the_last_checkpoint_is_not_signed(string how)
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
        var heir = bed.Host(clock, notaryLog: factory.CreateLogger<Notary>());

        await heir.Advance(default);
        clock.Step(TimeSpan.FromSeconds(60));
        await heir.Advance(default);
        await heir.StopAsync(default);

        logs.Lines.Should().Contain(l => l.StartsWith("Critical") && l.Contains("contradicts"));
        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal(["0"], "entries are sequenced all the same");
        if (bed.Checkpoints.Exists && how != "of another log") bed.Checkpoints.Read().Should().Equal(before);
        (await bed.Column($"SELECT CheckpointSize FROM {AuditBed.Head}")).Should().Equal(how == "cut" ? "0" : "300");
    }

    [Fact]
    public async Task A_file_that_cannot_be_written_holds_up_neither_entries_nor_published_checkpoints()
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
        Open(bed.Checkpoints.Last()!).Size.Should().Be(2, "it is filed once it can be, without a further entry");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task A_key_that_cannot_sign_does_not_hold_up_entries()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host(signer: _ => throw new InvalidOperationException("no key"));
        await bed.Write(2);

        await host.Advance(default);

        (await bed.Column($"SELECT Hashed FROM {AuditBed.Head}")).Should().Equal("2");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task What_a_power_cut_left_of_a_checkpoint_is_cut_off_by_the_next()
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
