using Aegis.Kernel.Jobs;
using Aegis.Tests.App;
using Hangfire;
using Hangfire.InMemory;
using Hangfire.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aegis.Hangfire.Tests;

/// <summary>The host with its jobs on Hangfire: on Hangfire's own SQL Server tables when the tests run on SQL Server, otherwise on its storage in memory.</summary>
public sealed class HangfireApp : IAsyncLifetime
{
    /// <summary>The collection of all tests: Hangfire's log is static, so one process has one host with it.</summary>
    public const string Shared = "one host";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90); // most jobs have their turn every minute

    public AegisApp App { get; private set; } = null!; // made by the start

    public IRecurringJobManager Schedule => App.Services.GetRequiredService<IRecurringJobManager>();

    public IMonitoringApi Runs => App.Services.GetRequiredService<JobStorage>().GetMonitoringApi();

    public async Task InitializeAsync() => App = await AegisApp.StartWith(
        services =>
        {
            services.AddRecurringJob<SlowJob>();
            services.AddRecurringJob<FailingJob>();
            if (!TestDatabase.IsSqlServer) services.Replace(ServiceDescriptor.Singleton<JobStorage>(new InMemoryStorage()));
        },
        ("Jobs:Runner", "Hangfire"));

    public Task DisposeAsync() => App.DisposeAsync();

    public static async Task Until(Func<Task<bool>> isSo)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await isSo()) await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
    }

    public static Task Until(Func<bool> isSo) => Until(() => Task.FromResult(isSo()));
}

[CollectionDefinition(HangfireApp.Shared)]
public sealed class OneHost : ICollectionFixture<HangfireApp>;

/// <summary>Works until it is told to end; its time never comes by itself.</summary>
internal sealed class SlowJob : IRecurringJob
{
    private static int begun;

    public static string Name => "tests.slow";

    public static string Cron => "0 0 0 29 2 ?";

    public static int Begun => begun;

    public static TaskCompletionSource End { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task Run(CancellationToken ct)
    {
        Interlocked.Increment(ref begun);
        return End.Task.WaitAsync(ct);
    }
}

/// <summary>Fails with words that must not leave the log.</summary>
internal sealed class FailingJob : IRecurringJob
{
    public const string Words = "words-of-the-failure";

    public static string Name => "tests.failing";

    public static string Cron => "0 0 0 29 2 ?";

    public Task Run(CancellationToken ct) => throw new InvalidOperationException(Words);
}
