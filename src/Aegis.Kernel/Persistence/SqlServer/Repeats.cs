using Microsoft.Data.SqlClient;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Aegis.Kernel.Persistence.SqlServer;

/// <summary>
/// Does again what may be done twice while SQL Server is briefly away: opening a connection, a read outside a transaction, a job, the part
/// of a transaction before its commit. A commit is never repeated. See docs/decisions/0008.
/// </summary>
public sealed class Repeats(ILogger<Repeats> log)
{
    private const int Times = 4; // 0.2 + 0.4 + 0.8 + 1.6 s: a failover of connections, short enough for a waiting caller
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(200);

    private readonly ResiliencePipeline pipeline = new ResiliencePipelineBuilder()
        .AddRetry(new RetryStrategyOptions
        {
            ShouldHandle = new PredicateBuilder().Handle<Exception>(DatabaseFailure.IsTransient),
            MaxRetryAttempts = Times,
            Delay = First,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            OnRetry = again =>
            {
                Log.TriedAgain(log, again.AttemptNumber + 1, again.Outcome.Exception!.GetType().Name, (again.Outcome.Exception as SqlException)?.Number ?? 0);
                return default;
            },
        })
        .Build();

    /// <summary>Does the work until it succeeds, fails for good, or was tried often enough; then the last failure flies on.</summary>
    public ValueTask<T> Run<T>(Func<CancellationToken, ValueTask<T>> repeatable, CancellationToken ct) => pipeline.ExecuteAsync(repeatable, ct);

    /// <inheritdoc cref="Run{T}"/>
    public ValueTask Run(Func<CancellationToken, ValueTask> repeatable, CancellationToken ct) => pipeline.ExecuteAsync(repeatable, ct);
}
