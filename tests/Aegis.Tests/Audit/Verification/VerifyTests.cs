using Aegis.Audit;
using Aegis.Audit.Checkpoints;
using Aegis.Audit.Evidence;
using Aegis.Audit.Persistence;
using Aegis.Audit.Notes;

namespace Aegis.Tests.Audit.Verification;

/// <summary><c>audit verify</c> on logs that were changed with plain SQL or whose checkpoint file was changed.</summary>
public sealed class VerifyTests : IAsyncLifetime
{
    private const int Size = 601; // 600 entries and the one about the signing key

    private static readonly string Entries = AuditBed.Entries;
    private static readonly string Tiles = AuditBed.Tiles;
    private static readonly string Head = AuditBed.Head;
    private static readonly string Owners = TestDatabase.Table("audit", "entry_owners");

    private AuditBed bed = null!;

    public async Task InitializeAsync()
    {
        bed = await AuditBed.Open();
        await using (var scope = bed.Services.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<AuditDb>();
            db.EvidenceKeys.Add(
                EvidenceKey.Begin(new EvidenceKeyPair("evk_1", 1, AuditBed.Signer.Verifier, []), AuditBed.Morning, AuditBed.Morning));
            await db.SaveChangesAsync();
        }

        var clock = new SteppedTime();
        var host = bed.Host(clock);
        for (var i = 0; i < 6; i++)
        {
            await bed.Write(100);
            await host.Advance(default);
            clock.Step(TimeSpan.FromSeconds(1));
        }

        await host.StopAsync(default);
    }

    public async Task DisposeAsync() => await bed.DisposeAsync();

    [Fact]
    public async Task An_unchanged_log_is_sound()
    {
        var (code, output) = await Verify();

        output.Should().Be($"Sound. {Size} entries; 6 checkpoints, the newest of {Size} entries.");
        code.Should().Be(0);
    }

    public static TheoryData<string, string> Changes => new()
    {
        { $"UPDATE {Entries} SET Body = (SELECT Body FROM {Entries} WHERE Sequence = 5) WHERE Sequence = 300", "Entry 300 (log_" },
        { $"UPDATE {Entries} SET Salt = (SELECT Salt FROM {Entries} WHERE Sequence = 5) WHERE Sequence = 599", "Entry 599 (log_" },
        { $"DELETE FROM {Entries} WHERE Sequence = 300", "Entry 300 is missing." },
        { $"DELETE FROM {Entries} WHERE Sequence = 0", "Entry 0 is missing." },
        { $"DELETE FROM {Entries} WHERE Sequence = 600", "Entry 600 is missing." },
        { $"UPDATE {Entries} SET Sequence = 9999 WHERE Sequence = 300; UPDATE {Entries} SET Sequence = 300 WHERE Sequence = 301; UPDATE "
            + $"{Entries} SET Sequence = 301 WHERE Sequence = 9999", "Entry 300 (log_" },
        { $"INSERT INTO {Entries} (Sequence, Id, Salt, Body) SELECT 601, 'log_new', Salt, Body FROM {Entries} WHERE Sequence = 7",
            "Entry 601 was added" },
        { $"INSERT INTO {Entries} (Sequence, Id, Salt, Body) SELECT -1, 'log_new', Salt, Body FROM {Entries} WHERE Sequence = 7",
            "Entry -1 was added" },
        { $"DELETE FROM {Entries} WHERE Sequence >= 550; UPDATE {Head} SET Next = 550, Hashed = 550",
            "checkpoint of 601 entries, but the log has 550" },
        { $"UPDATE {Tiles} SET Hashes = (SELECT Hashes FROM {Tiles} WHERE Level = 0 AND Number = 0) WHERE Level = 0 AND Number = 1",
            "Tile 1 of level 0 was changed: its hash of entry 256" },
        { $"UPDATE {Tiles} SET Hashes = (SELECT Salt FROM {Entries} WHERE Sequence = 0) WHERE Level = 1", "Tile 0 of level 1 was changed" },
        { $"DELETE FROM {Tiles} WHERE Level = 0 AND Number = 1", "tile 1 of level 0 was removed" },
        { $"DELETE FROM {Tiles} WHERE Level = 1", "Tile 0 of level 1 was changed, cut or removed" },
        { $"INSERT INTO {Tiles} (Level, Number, Hashes) SELECT 0, 3, Hashes FROM {Tiles} WHERE Level = 1", "Tile 3 of level 0 was added" },
        { $"INSERT INTO {Tiles} (Level, Number, Hashes) SELECT 2, 0, Hashes FROM {Tiles} WHERE Level = 1", "Tile 0 of level 2 was added" },
        { $"UPDATE {Tiles} SET Hashes = (SELECT Hashes FROM {Tiles} WHERE Level = 0 AND Number = 0) WHERE Level = 0 AND Number = 2",
            "Entry 512 (log_" },
        { $"DELETE FROM {Owners} WHERE Sequence = 300", "The index row of entry 300 (log_" },
        { $"UPDATE {Owners} SET Outcome = 'refused' WHERE Sequence = 300", "The index row of entry 300 (log_" },
        { $"UPDATE {Owners} SET OrganizationId = 'cons_789' WHERE Sequence = 300", "The index row of entry 300 (log_" },
        { $"INSERT INTO {Owners} SELECT 'cons_789', Sequence, At, Kind, Action, Object, Outcome, Subject, KeyId, Name, OnBehalfOf FROM "
            + $"{Owners} WHERE Sequence = 300", "1 index rows were added" },
        { $"UPDATE {Entries} SET Id = 'log_other' WHERE Sequence = 300", "The id of entry 300 was changed" },
        { $"UPDATE {Head} SET [Checkpoint] = REPLACE([Checkpoint], '601', '600')", "The database's newest checkpoint was changed" },
        { $"UPDATE {Head} SET [Checkpoint] = NULL", "The database's newest checkpoint was removed" },
        { $"UPDATE {Head} SET Expired = 256; DELETE FROM {Entries} WHERE Sequence < 256",
            "The commitments of the expired entries from 0 on are missing" },
        { $"DELETE FROM {Head}", "The head of the log was removed" },
        { $"UPDATE {Head} SET Hashed = 900", "The head of the log was changed" },
        { $"DELETE FROM {TestDatabase.Table("audit", "evidence_keys")}", "the keys that signed them were removed" },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task The_report_names_what_was_changed_in_the_database(string sql, string named)
    {
        foreach (var statement in sql.Split("; ")) await bed.Run(statement);

        var (code, output) = await Verify();

        output.Should().StartWith("NOT SOUND. ").And.Contain(named);
        code.Should().Be(1);
    }

    [Theory]
    [InlineData("changed", "The checkpoint in line 13 of")]
    [InlineData("reordered", "is out of order")]
    [InlineData("last removed", "The checkpoint of 601 entries is in the database but not in")]
    [InlineData("added", "none of this log's published keys signed it")]
    [InlineData("added twice", "is out of order")]
    [InlineData("signed by the key, not by the log", "is signed but is not a checkpoint")]
    public async Task The_report_names_what_was_changed_in_the_file(string how, string named)
    {
        var notes = bed.Checkpoints.Read().Select(n => n.Note).ToList();
        var other = new NoteSigner(AuditBed.Signer.Name, new byte[32]);
        var changed = how switch
        {
            "changed" => notes.Select(n => n.Replace("\n301\n", "\n302\n")).ToList(),
            "reordered" => [notes[1], notes[0], .. notes[2..]],
            "last removed" => notes[..^1],
            "added" => [.. notes, SignedNote.Sign(new Checkpoint(AuditBed.Signer.Name, 602, new byte[32]).Text, other)],
            "added twice" => [.. notes, notes[^1]],
            _ => [.. notes, SignedNote.Sign("Certificate of destruction\n602\n", AuditBed.Signer)],
        };
        await File.WriteAllTextAsync(bed.Checkpoints.Path, string.Concat(changed.Select(n => n + "\n")));

        var (code, output) = await Verify();

        output.Should().StartWith("NOT SOUND. ").And.Contain(named);
        code.Should().Be(1);
    }

    [Fact]
    public async Task Rewriting_both_entries_and_tree_contradicts_a_checkpoint_of_the_file()
    {
        await bed.Run($"UPDATE {Entries} SET Body = (SELECT Body FROM {Entries} WHERE Sequence = 5) WHERE Sequence = 250");
        await bed.Run($"DELETE FROM {Tiles}");
        await bed.Run($"UPDATE {Head} SET Hashed = 0, CheckpointSize = 0, [Checkpoint] = NULL");
        var forger = bed.Host();
        while (await forger.Advance(default)) { }
        await forger.StopAsync(default);

        var (code, output) = await Verify();

        output.Should().StartWith("NOT SOUND. The first 301 entries are not those that the checkpoint in line 13 of").And.Contain(
            "one from 201 to 300 was changed");
        code.Should().Be(1);
    }

    [Fact]
    public async Task An_older_copy_of_the_file_with_a_torn_end_is_accepted()
    {
        var copy = bed.Checkpoints.Path + ".copy";
        var notes = bed.Checkpoints.Read().Select(n => n.Note).ToList();
        await File.WriteAllTextAsync(copy, notes[0] + "\n" + notes[1] + "\n" + notes[2][..20]);

        var (code, output) = await Verify(copy);

        output.Should().Contain("ends within a checkpoint").And.Contain($"Sound. {Size} entries; 3 checkpoints");
        code.Should().Be(0);
        (await Verify("/nowhere/at/all")).Code.Should().Be(3);
    }

    [Fact]
    public async Task A_log_without_any_checkpoint_is_not_called_sound()
    {
        await bed.Run($"UPDATE {Head} SET [Checkpoint] = NULL");
        File.Delete(bed.Checkpoints.Path);

        (await Verify()).Should().Be((3, $"Not verified: the {Size} entries match their hashes, but no checkpoint covers them."));
    }

    [Fact]
    public void A_checkpoint_can_be_filed_while_the_file_is_read()
    {
        var file = bed.Services.GetRequiredService<CheckpointFile>();
        using var reading = file.Read().GetEnumerator();
        reading.MoveNext().Should().BeTrue();

        file.Append(reading.Current.Note, Size + 1);

        file.Read().Count().Should().Be(7);
    }

    [Fact]
    public async Task Verification_works_while_a_host_is_running()
    {
        var host = bed.Host();
        await host.StartAsync(default);
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < 30; i++) await bed.Write(50);
        });

        for (var i = 0; i < 10; i++)
        {
            var (code, output) = await Verify();
            code.Should().Be(0, output);
        }

        await writing;
        await host.StopAsync(default);
        (await Verify()).Code.Should().Be(0);
    }

    private async Task<(int Code, string Output)> Verify(string? copy = null)
    {
        using var output = new StringWriter();
        var code = await AuditModule.Verify(bed.Services, copy, output, TextWriter.Null, default);
        return (code, output.ToString().Trim());
    }
}
