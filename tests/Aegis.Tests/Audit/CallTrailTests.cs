using Aegis.Kernel.Web.Refusals;
using Microsoft.Data.Sqlite;

namespace Aegis.Tests.Audit;

public sealed class CallTrailTests
{
    private static readonly string Bodies = $"SELECT Body FROM {AuditBed.Pending} ORDER BY Id";

    [Fact]
    public async Task An_entry_is_stored_when_Write_returns()
    {
        await using var bed = await AuditBed.Open();
        var fact = AuditBed.Fact(1);

        await bed.Trail.Write(fact, default);

        (await bed.Column(Bodies)).Should().Equal(System.Text.Encoding.UTF8.GetString(fact.ToBytes()));
    }

    [Fact]
    public async Task No_entry_of_5000_concurrent_writes_is_lost()
    {
        await using var bed = await AuditBed.Open();

        await bed.Write(5_000);

        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal("5000");
    }

    [Fact]
    public async Task Every_write_is_refused_while_the_trail_cannot_be_written()
    {
        await using var bed = await AuditBed.Open();
        await bed.HidePending();

        var writes = Enumerable.Range(0, 50).Select(i => Record.ExceptionAsync(() => bed.Trail.Write(AuditBed.Fact(i), default)));

        (await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(8)))
            .Should().AllSatisfy(e => e.Should().BeOfType<RefusedException>().Which.Code.Should().Be("audit_unavailable"));
    }

    [Fact]
    public async Task Writes_succeed_again_after_a_failure()
    {
        await using var bed = await AuditBed.Open();
        await bed.Write(1);
        await bed.HidePending();
        await Record.ExceptionAsync(() => bed.Trail.Write(AuditBed.Fact(2), default));
        await bed.ShowPending();

        await bed.Trail.Write(AuditBed.Fact(3), default);

        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal("2");
    }

    [SqliteFact("SQL Server locks rows, not the database")]
    public async Task A_write_to_a_locked_file_is_refused_instead_of_hanging()
    {
        await using var bed = await AuditBed.Open();
        await using var other = new SqliteConnection(bed.Database.ConnectionString);
        await other.OpenAsync();
        await using var held = await other.BeginTransactionAsync();

        var write = () => bed.Trail.Write(AuditBed.Fact(1), default);

        (await write.Should().ThrowAsync<RefusedException>()).Which.Status.Should().Be(503);
        await held.RollbackAsync();
        await write.Should().NotThrowAsync();
    }

    [Fact]
    public async Task Stopping_writes_the_waiting_entries()
    {
        await using var bed = await AuditBed.Open();
        var writes = bed.Write(500);

        await bed.Trail.StopAsync(default);

        await writes;
        (await bed.Column($"SELECT COUNT(*) FROM {AuditBed.Pending}")).Should().Equal("500");
    }

    [Fact]
    public async Task Writes_after_the_stop_are_refused()
    {
        await using var bed = await AuditBed.Open();
        await bed.Trail.StopAsync(default);

        var write = () => bed.Trail.Write(AuditBed.Fact(1), default);

        (await write.Should().ThrowAsync<RefusedException>()).Which.Code.Should().Be("audit_unavailable");
    }
}
