using Microsoft.Data.SqlClient;
using Polly;
using Polly.Retry;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Repeats work that may be done twice while SQL Server is briefly unavailable: opening a connection, a read outside a transaction, a job,
/// the part of a transaction before its commit. A commit is never repeated. See docs/decisions/0008.
/// </summary>
public sealed class ConnectionRetries
{
    private const int MaxRetries = 4; // 0.2 + 0.4 + 0.8 + 1.6 s: covers a failover, and is short enough for a waiting caller
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private const int QuietMilliseconds = 1_000; // at most one log line a second; a line for each attempt of each call would fill the disk

    private readonly ILogger<ConnectionRetries> log;
    private readonly ResiliencePipeline pipeline;
    private long quietUntil;

    public ConnectionRetries(ILogger<ConnectionRetries> log)
    {
        this.log = log;
        pipeline = new ResiliencePipelineBuilder()
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = new PredicateBuilder().Handle<Exception>(DatabaseFailure.IsTransient),
                MaxRetryAttempts = MaxRetries,
                Delay = FirstDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                OnRetry = again =>
                {
                    LogRetry(again.AttemptNumber + 1, again.Outcome.Exception!);
                    return default;
                },
            })
            .Build();
    }

    /// <summary>
    /// Runs the work until it succeeds, fails permanently, or the attempts are used up; then the last exception is thrown.
    /// </summary>
    public ValueTask<T> Run<T>(Func<CancellationToken, ValueTask<T>> repeatable, CancellationToken ct) =>
        pipeline.ExecuteAsync(repeatable, ct);

    /// <inheritdoc cref="Run{T}"/>
    public ValueTask Run(Func<CancellationToken, ValueTask> repeatable, CancellationToken ct) => pipeline.ExecuteAsync(repeatable, ct);

    private void LogRetry(int attempt, Exception failed)
    {
        var now = Environment.TickCount64;
        if (now < Interlocked.Read(ref quietUntil)) return;
        Interlocked.Exchange(ref quietUntil, now + QuietMilliseconds);
        Log.TriedAgain(log, attempt, failed.GetType().Name, (failed as SqlException)?.Number ?? 0);
    }
}
