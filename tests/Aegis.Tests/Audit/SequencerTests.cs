using Aegis.Audit.Sequencing;
using Microsoft.Extensions.Logging;

namespace Aegis.Tests.Audit;

public sealed class SequencerTests
{
    private static readonly string Sequences = $"SELECT Sequence FROM {AuditBed.Entries} ORDER BY Sequence";

    [Fact]
    public async Task Entries_get_sequences_from_zero_without_gaps_in_order_of_time()
    {
        await using var bed = await AuditBed.Open();
        await bed.Write(1_203);
        var host = bed.Host();

        while (await host.Advance(default)) { }

        (await bed.Column(Sequences)).Should().Equal(Enumerable.Range(0, 1_203).Select(i => i.ToString()));
        (await bed.Column($"SELECT Body FROM {AuditBed.Entries} ORDER BY Sequence"))
            .Select(body => JsonDocument.Parse(body).RootElement.GetProperty("object").GetString())
            .Should().Equal(Enumerable.Range(0, 1_203).Select(i => $"req_{i}"));
        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal("0");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task Concurrent_stops_of_a_host_finish_its_work_once()
    {
        await using var bed = await AuditBed.Open();
        using var logs = new CapturedLogs();
        using var factory = new LoggerFactory([logs]);
        for (var round = 0; round < 10; round++)
        {
            await bed.Write(1_200);
            var host = bed.Host(log: factory.CreateLogger<Sequencer>());
            await host.Advance(default); // the host has the lease, a connection and more entries to sequence

            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => host.StopAsync(default))));

            (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal("0");
        }

        logs.Lines.Should().NotContain(l => l.StartsWith("Error") || l.StartsWith("Warning"));
    }

    [Fact]
    public async Task Sequencing_keeps_the_stored_bytes_and_gives_each_entry_its_own_salt()
    {
        await using var bed = await AuditBed.Open();
        await bed.Write(3);
        var before = await bed.Column($"SELECT Body FROM {AuditBed.Pending} ORDER BY Id");
        var host = bed.Host();

        await host.Advance(default);

        (await bed.Column($"SELECT Body FROM {AuditBed.Entries} ORDER BY Sequence")).Should().Equal(before);
        (await bed.Column($"SELECT Salt FROM {AuditBed.Entries}"))
            .Should().HaveCount(3).And.OnlyHaveUniqueItems().And.OnlyContain(salt => salt.Length == 32);
        await host.StopAsync(default);
    }

    [Fact]
    public async Task One_of_two_hosts_sequences_and_no_entry_is_lost_or_duplicated()
    {
        await using var bed = await AuditBed.Open();
        var (one, two) = (bed.Host(), bed.Host());
        await Task.WhenAll(one.StartAsync(default), two.StartAsync(default));

        for (var round = 0; round < 20; round++)
        {
            await bed.Write(100);
            await Task.Delay(20);
        }

        await Eventually(async () => (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}"))[0] == "0");
        (await bed.Column(Sequences)).Should().Equal(Enumerable.Range(0, 2_000).Select(i => i.ToString()));
        (await bed.Column($"SELECT Epoch FROM {AuditBed.Head}")).Should().Equal("1");
        await Task.WhenAll(one.StopAsync(default), two.StopAsync(default));
    }

    [Fact]
    public async Task A_second_host_waits_while_the_head_moves()
    {
        await using var bed = await AuditBed.Open();
        var clock = new SteppedTime();
        var (one, two) = (bed.Host(), bed.Host(clock));
        for (var i = 0; i < 3; i++)
        {
            await bed.Write(1);
            await two.Advance(default);
            await one.Advance(default);
            await bed.Write(1);
            await two.Advance(default);
            clock.Step(LeaseTaking.Patience);
        }

        (await bed.Column($"SELECT Epoch FROM {AuditBed.Head}")).Should().Equal("1");
        await one.StopAsync(default);
    }

    [Fact]
    public async Task A_head_that_does_not_move_while_entries_wait_is_taken_over()
    {
        await using var bed = await AuditBed.Open();
        var clock = new SteppedTime();
        var (dead, next) = (bed.Host(), bed.Host(clock));
        await bed.Write(2);
        await dead.Advance(default);
        await bed.Write(3);

        await next.Advance(default);
        clock.Step(LeaseTaking.Patience - TimeSpan.FromTicks(1));
        await next.Advance(default);
        var tooEarly = await bed.Column(Sequences);
        clock.Step(TimeSpan.FromTicks(1));
        await next.Advance(default);

        tooEarly.Should().HaveCount(2);
        (await bed.Column(Sequences)).Should().Equal("0", "1", "2", "3", "4");
    }

    [Fact]
    public async Task A_sequencer_that_was_paused_and_replaced_writes_nothing()
    {
        await using var bed = await AuditBed.Open();
        var clock = new SteppedTime();
        var (paused, next) = (bed.Host(), bed.Host(clock));
        await bed.Write(2);
        await paused.Advance(default);
        await bed.Write(1);
        await next.Advance(default);
        clock.Step(LeaseTaking.Patience);
        await bed.Run(StopBatches);
        await Record.ExceptionAsync(() => next.Advance(default)); // it took the lease but wrote nothing: the head is still at 2
        await bed.Run(TestDatabase.IsSqlServer ? "DROP TRIGGER [audit].[no_batch]" : "DROP TRIGGER no_batch");

        await paused.Advance(default);

        (await bed.Column(Sequences)).Should().Equal("0", "1");
        await next.Advance(default);
        (await bed.Column(Sequences)).Should().Equal("0", "1", "2");
    }

    [Fact]
    public async Task A_clean_stop_sequences_the_rest_and_releases_the_log_at_once()
    {
        await using var bed = await AuditBed.Open();
        var (first, second) = (bed.Host(), bed.Host());
        await bed.Write(1);
        await first.Advance(default);
        await bed.Write(700);
        await first.StopAsync(default);
        await bed.Write(1);

        await second.Advance(default);

        (await bed.Column(Sequences)).Should().HaveCount(702);
        await second.StopAsync(default);
    }

    [Fact]
    public async Task An_entry_that_was_stored_twice_is_sequenced_once()
    {
        await using var bed = await AuditBed.Open();
        var host = bed.Host();
        await bed.Trail.Write(AuditBed.Fact(1), default);
        await host.Advance(default);
        await bed.Run($"INSERT INTO {AuditBed.Pending} (Id, At, Body) SELECT Id, 0, Body FROM {AuditBed.Entries}");
        await host.StartAsync(default);
        await bed.Write(2);

        await Eventually(async () => (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}"))[0] == "0");

        (await bed.Column(Sequences)).Should().Equal("0", "1", "2");
        await host.StopAsync(default);
    }

    [Fact]
    public async Task An_unreadable_entry_does_not_block_the_others()
    {
        await using var bed = await AuditBed.Open();
        await bed.Run(
            $"INSERT INTO {AuditBed.Pending} (Id, At, Body) VALUES ('log_0', 0, {(TestDatabase.IsSqlServer ? "0x7b" : "x'7b'")})");
        await bed.Write(1);
        var host = bed.Host();

        await host.Advance(default);

        (await bed.Column(Sequences)).Should().HaveCount(2);
        (await bed.Column($"SELECT Sequence FROM {AuditBed.Owners}")).Should().Equal("1");
        await host.StopAsync(default);
    }

    /// <summary>A trigger that permits taking the lease but fails every batch.</summary>
    private static string StopBatches => TestDatabase.IsSqlServer
        ? "CREATE TRIGGER [audit].[no_batch] ON [audit].[head] AFTER UPDATE AS IF UPDATE([Next]) THROW 50000, 'stop', 1"
        : "CREATE TRIGGER no_batch BEFORE UPDATE OF Next ON audit_head BEGIN SELECT RAISE(ABORT, 'stop'); END";

    private static async Task Eventually(Func<Task<bool>> condition)
    {
        for (var i = 0; i < 500 && !await condition(); i++) await Task.Delay(20);
        (await condition()).Should().BeTrue();
    }
}
