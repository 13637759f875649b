using Aegis.Kernel.Persistence.Sqlite;

namespace Aegis.Tests.Mechanisms;

public sealed class WriteGateTests(AegisApp app) : IClassFixture<AegisApp>
{
    [Fact]
    public async Task One_writer_at_a_time_in_order_of_arrival_and_urgent_ones_first()
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
    public async Task Whoever_gives_up_waiting_does_not_keep_the_others_out()
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

    [SqliteFact("the gate is its own")]
    public async Task Whoever_leaves_in_the_moment_of_its_turn_does_not_keep_it()
    {
        var gate = app.Services.GetRequiredService<WriteGate>();
        for (var attempt = 0; attempt < 20; attempt++) // the caller leaves after it was let in and before it begins: nearly every time
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

    [SqliteFact("the gate is its own")]
    public async Task A_transaction_that_is_only_disposed_lets_the_next_one_in()
    {
        var gate = app.Services.GetRequiredService<WriteGate>();
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<KernelDb>();
        await db.Database.OpenConnectionAsync(); // stays open, so that nothing is told when the transaction ends
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
