using Aegis.Kernel.Jobs;
using Hangfire;
using Hangfire.Storage;

namespace Aegis.Tests.Jobs;

/// <summary>A host that runs its jobs on Hangfire, as by default.</summary>
public sealed class JobsApp : IAsyncLifetime
{
    /// <summary>The collection of all tests with jobs, because Hangfire's log is static.</summary>
    public const string Shared = "host with jobs";

    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90); // most jobs are due every minute

    public AegisApp App { get; private set; } = null!; // set at the start

    public IRecurringJobManager Schedule => App.Services.GetRequiredService<IRecurringJobManager>();

    public IMonitoringApi Runs => App.Services.GetRequiredService<JobStorage>().GetMonitoringApi();

    public async Task InitializeAsync() => App = await AegisApp.StartWith(
        services =>
        {
            services.AddRecurringJob<SlowJob>();
            services.AddRecurringJob<FailingJob>();
            services.AddRecurringJob<FlakyJob>();
        },
        ("Jobs:Runner", "Hangfire"));

    public Task DisposeAsync() => App.DisposeAsync();

    public static async Task Until(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(MaxWait);
        while (!await condition()) await Task.Delay(TimeSpan.FromMilliseconds(200), deadline.Token);
    }

    public static Task Until(Func<bool> condition) => Until(() => Task.FromResult(condition()));
}

[CollectionDefinition(JobsApp.Shared)]
public sealed class JobsCollection : ICollectionFixture<JobsApp>;

/// <summary>Runs until the test ends it. It is due only on leap days.</summary>
internal sealed class SlowJob : IRecurringJob
{
    private static int begun;

    public static string Name => "tests.slow";

    public static string Cron => "0 0 0 29 2 *";

    public static int Begun => begun;

    public static TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Run(CancellationToken ct)
    {
        Interlocked.Increment(ref begun);
        return End.Task.WaitAsync(ct);
    }
}

/// <summary>Fails with a message that must appear only in the log.</summary>
internal sealed class FailingJob : IRecurringJob
{
    public const string Message = "words-of-the-failure";

    public static string Name => "tests.failing";

    public static string Cron => "0 0 0 29 2 *";

    public Task Run(CancellationToken ct) => throw new InvalidOperationException(Message);
}

/// <summary>Is due every second and fails the first time.</summary>
internal sealed class FlakyJob : IRecurringJob
{
    private static int runs;

    public static string Name => "tests.flaky";

    public static string Cron => "* * * * * *";

    public static TaskCompletionSource RanAgain { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Run(CancellationToken ct)
    {
        if (Interlocked.Increment(ref runs) == 1) throw new InvalidOperationException("the first time");
        RanAgain.TrySetResult();
        return Task.CompletedTask;
    }
}
