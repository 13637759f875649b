using Aegis.Kernel.Persistence.Sqlite;

namespace Aegis.Tests.Mechanisms;

public sealed class WriteGateTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task One_writer_works_at_a_time_in_order_of_arrival_with_urgent_ones_first()
    {
        var gate = new WriteGate();
        var order = new List<string>();
        var first = await gate.Enter(isUrgent: false, CancellationToken.None);
        var waiting = new[]
        {
            Enter(gate, false, "normal 1", order), Enter(gate, false, "normal 2", order), Enter(gate, true, "urgent", order),
        };

        order.Should().BeEmpty();
        first.Dispose();
        first.Dispose();

        await Task.WhenAll(waiting);
        order.Should().Equal("urgent", "normal 1", "normal 2");
    }

    [Fact]
    public async Task A_cancelled_waiter_does_not_block_the_others()
    {
        var gate = new WriteGate();
        var first = await gate.Enter(isUrgent: false, CancellationToken.None);
        using var impatient = new CancellationTokenSource();
        var given = gate.Enter(isUrgent: false, impatient.Token).AsTask();
        var next = gate.Enter(isUrgent: false, CancellationToken.None).AsTask();

        await impatient.CancelAsync();
        await given.Invoking(g => g).Should().ThrowAsync<OperationCanceledException>();
        first.Dispose();

        (await next.WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        (await gate.Enter(isUrgent: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    [SqliteFact("SQL Server has no write gate")]
    public async Task A_waiter_cancelled_at_the_start_of_its_turn_does_not_keep_the_turn()
    {
        var gate = app.Services.GetRequiredService<WriteGate>();
        // nearly every attempt cancels after the turn is granted and before the transaction begins
        for (var attempt = 0; attempt < 20; attempt++)
        {
            var first = await gate.Enter(isUrgent: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5));
            using var leaving = new CancellationTokenSource();
            await using (var scope = app.Services.CreateAsyncScope())
            {
                var beginning = scope.ServiceProvider.GetRequiredService<KernelDb>().Database.BeginTransactionAsync(leaving.Token);
                first.Dispose();
                await leaving.CancelAsync();
                await beginning.ContinueWith(_ => { }, TaskScheduler.Default);
                if (beginning.IsCompletedSuccessfully) await (await beginning).DisposeAsync();
            }

            (await gate.Enter(isUrgent: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
        }
    }

    [SqliteFact("SQL Server has no write gate")]
    public async Task A_transaction_that_is_only_disposed_ends_its_turn()
    {
        var gate = app.Services.GetRequiredService<WriteGate>();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        await db.Database.OpenConnectionAsync(); // stays open, so that there is no event when the transaction ends
        var transaction = await db.Database.BeginTransactionAsync();
        var cancelled = () => db.Installation.ToListAsync(new CancellationToken(canceled: true));
        await cancelled.Should().ThrowAsync<OperationCanceledException>();

        await transaction.DisposeAsync();

        (await gate.Enter(isUrgent: true, CancellationToken.None).AsTask().WaitAsync(TimeSpan.FromSeconds(5))).Dispose();
    }

    private static async Task Enter(WriteGate gate, bool urgent, string name, List<string> order)
    {
        using var turn = await gate.Enter(urgent, CancellationToken.None);
        order.Add(name);
        await Task.Yield();
    }
}
