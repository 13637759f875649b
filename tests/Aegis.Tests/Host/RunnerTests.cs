using Aegis.Kernel.Jobs;
using Aegis.Tests.App;

namespace Aegis.Tests.Host;

/// <summary>The runner that a host has unless it is told otherwise.</summary>
public sealed class RunnerTests
{
    [Fact]
    public async Task Quartz_runs_the_jobs_when_their_time_comes()
    {
        var app = await AegisApp.StartWith(services => services.AddRecurringJob<EverySecond>(), ("Jobs:Runner", "Quartz"));
        try
        {
            await EverySecond.RanTwice.Task.WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            await app.DisposeAsync();
        }
    }

    /// <summary>The first run fails: the schedule goes on.</summary>
    private sealed class EverySecond : IRecurringJob
    {
        private static int runs;

        public static string Name => "tests.every-second";

        public static string Cron => "* * * * * ?";

        public static TaskCompletionSource RanTwice { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Run(CancellationToken ct)
        {
            if (Interlocked.Increment(ref runs) == 1) throw new InvalidOperationException("the first time");
            RanTwice.TrySetResult();
            return Task.CompletedTask;
        }
    }
}
