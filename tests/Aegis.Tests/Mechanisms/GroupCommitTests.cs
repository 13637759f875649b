using Aegis.Kernel.Web.Refusals;
using Aegis.Kernel.Work;

namespace Aegis.Tests.Mechanisms;

public sealed class GroupCommitTests
{
    [Fact]
    public async Task While_one_batch_is_written_the_next_one_is_collected()
    {
        var numbers = await Numbers.Start();
        var first = numbers.Write(1);
        await numbers.IsWriting;
        var others = Enumerable.Range(2, 3_000).Select(n => numbers.Write(n)).ToList();

        numbers.Disk.SetResult();

        await first;
        await Task.WhenAll(others);
        numbers.Batches.Select(b => b.Count).Should().Equal(1, 2_000, 1_000);
        numbers.Batches.SelectMany(b => b).Should().Equal(Enumerable.Range(1, 3_001));
    }

    [Fact]
    public async Task A_caller_waits_until_the_batch_is_written()
    {
        var numbers = await Numbers.Start();
        var write = numbers.Write(1);
        await numbers.IsWriting;

        await Task.Delay(50);

        write.IsCompleted.Should().BeFalse();
        numbers.Disk.SetResult();
        await write;
    }

    [Fact]
    public async Task A_failed_batch_refuses_its_callers_and_is_not_repeated()
    {
        var numbers = await Numbers.Start();
        var first = numbers.Write(1);
        await numbers.IsWriting;
        var second = numbers.Write(2);

        numbers.Disk.SetException(new IOException());

        (await Record.ExceptionAsync(() => first)).Should().BeOfType<RefusedException>().Which.Code.Should().Be("not_written");
        (await Record.ExceptionAsync(() => second)).Should().BeOfType<RefusedException>();
        numbers.Disk = new();
        numbers.Disk.SetResult();
        await numbers.Write(3);
        numbers.Batches.SelectMany(b => b).Should().Equal(1, 2, 3);
        numbers.Failures.Should().Equal(1, 1);
    }

    [Fact]
    public async Task Callers_above_the_capacity_are_refused_at_once()
    {
        var numbers = await Numbers.Start();
        var first = numbers.Write(1);
        await numbers.IsWriting;
        var waiting = Enumerable.Range(2, 20_000).Select(n => numbers.Write(n)).ToList();

        var refused = numbers.Write(20_002);

        (await Record.ExceptionAsync(() => refused.WaitAsync(TimeSpan.FromSeconds(5)))).Should().BeOfType<RefusedException>();
        waiting.Should().NotContain(w => w.IsCompleted);
        numbers.Disk.SetResult();
        await Task.WhenAll([first, .. waiting]);
    }

    [Fact]
    public async Task A_stop_writes_waiting_items_and_then_ends()
    {
        var numbers = await Numbers.Start();
        var first = numbers.Write(1);
        await numbers.IsWriting;
        var second = numbers.Write(2);

        var stop = numbers.StopAsync(default);
        var late = numbers.Write(3);

        (await Record.ExceptionAsync(() => late)).Should().BeOfType<RefusedException>();
        (stop.IsCompleted, numbers.BatchesAtTheEnd).Should().Be((false, 0));
        numbers.Disk.SetResult();
        await stop;
        await Task.WhenAll(first, second);
        numbers.BatchesAtTheEnd.Should().Be(2);
    }

    [Fact]
    public async Task An_item_added_before_the_start_is_written_after_it()
    {
        var numbers = new Numbers();
        numbers.Disk.SetResult();
        var write = numbers.Write(1);

        await numbers.StartAsync(default);
        await numbers.StopAsync(default);

        await write;
    }

    private sealed class Numbers : GroupCommit<int>
    {
        private readonly TaskCompletionSource writing = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Each batch waits for this task, and fails if it fails.</summary>
        public TaskCompletionSource Disk { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task IsWriting => writing.Task;

        public List<List<int>> Batches { get; } = [];

        public List<int> Failures { get; } = [];

        public int BatchesAtTheEnd { get; private set; }

        public static async Task<Numbers> Start()
        {
            var numbers = new Numbers();
            await numbers.StartAsync(default);
            return numbers;
        }

        public Task Write(int number) => Add(number, default);

        protected override Task Commit(List<int> batch)
        {
            Batches.Add(batch);
            writing.TrySetResult();
            return Disk.Task;
        }

        protected override RefusedException Refusal() => Refuse.Unavailable("not_written", "It is not written.");

        protected override void Failed(Exception failure, int count) => Failures.Add(count);

        protected override Task Finish()
        {
            BatchesAtTheEnd = Batches.Count;
            return Task.CompletedTask;
        }
    }
}
