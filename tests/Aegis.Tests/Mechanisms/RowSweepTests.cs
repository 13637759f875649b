using System.Data.Common;
using Aegis.Kernel.Work;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Aegis.Tests.Mechanisms;

public sealed class RowSweepTests
{
    private const int Old = 2 * RowSweep.Batch + 100;

    [Fact]
    public async Task Only_old_rows_are_deleted_a_few_in_each_transaction()
    {
        var deletes = new Deletes();
        var app = await AegisApp.StartWith(services => services
            .ConfigureDbContext<SqliteKernelDb>(o => o.AddInterceptors(deletes))
            .ConfigureDbContext<SqlServerKernelDb>(o => o.AddInterceptors(deletes)));
        var now = app.Clock.GetUtcNow();
        await app.Use<KernelDb>(async db =>
        {
            for (var i = 0; i < Old; i++) Add(db, $"old_{i}", OutboxState.Done, now.AddDays(-31), now.AddDays(-31));
            Add(db, "new", OutboxState.Done, now, now);
            Add(db, "parked", OutboxState.Parked, now.AddDays(-31), now);
            await db.SaveChangesAsync();
            await db.Outbox.Where(r => r.Id == "old_0").ExecuteDeleteAsync(); // its receipts have no event any longer
        });
        deletes.Rows.Clear();

        await app.Run<SweepKernelTables>();

        var left = await app.Use<KernelDb, List<string>[]>(async db =>
        [
            await db.Outbox.Where(r => r.Name == "test").Select(r => r.Id).ToListAsync(),
            await db.Inbox.Where(r => r.Handler == "test").Select(r => r.EventId).ToListAsync(),
            await db.Idempotency.Where(r => r.BodyDigest == "test").Select(r => r.Id).ToListAsync(),
        ]);
        left.Should().AllSatisfy(ids => ids.Should().BeEquivalentTo("new", "parked"));
        deletes.Rows.Should().Equal(
            RowSweep.Batch, RowSweep.Batch, 99, // events
            RowSweep.Batch, RowSweep.Batch, 100, // receipts
            RowSweep.Batch, RowSweep.Batch, 100); // idempotency keys
        await app.DisposeAsync();
    }

    private static void Add(KernelDb db, string id, OutboxState state, DateTimeOffset at, DateTimeOffset keyAt)
    {
        db.Outbox.Add(new OutboxRow { Id = id, Name = "test", ObjectId = id, Body = "{}", OccurredAt = at, DueAt = at, State = state });
        db.Inbox.Add(new InboxRow { EventId = id, Handler = "test", HandledAt = at });
        db.Idempotency.Add(new IdempotencyRow { Id = id, BodyDigest = "test", ObjectId = id, At = keyAt });
    }

    private sealed class Deletes : DbCommandInterceptor
    {
        /// <summary>The number of rows that each statement deleted.</summary>
        public List<int> Rows { get; } = [];

        public override ValueTask<int> NonQueryExecutedAsync(
            DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            if (eventData.CommandSource == CommandSource.ExecuteDelete) Rows.Add(result);
            return ValueTask.FromResult(result);
        }
    }
}
