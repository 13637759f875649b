using Microsoft.Extensions.Logging;

namespace Aegis.Kernel;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The relay could not read the outbox ({Error}); it tries again.")]
    public static partial void RelayFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "{Handler} failed on {EventId} ({EventName}), attempt {Attempt}.")]
    public static partial void HandlerFailed(ILogger logger, string handler, string eventId, string eventName, int attempt, Exception exception);

    [LoggerMessage(1003, LogLevel.Error, "{EventId} ({EventName}) is parked after {Attempts} attempts. Set its state to 'Waiting' to try again.")]
    public static partial void EventParked(ILogger logger, string eventId, string eventName, int attempts);

    [LoggerMessage(1004, LogLevel.Error, "The job {Job} failed; it runs again on schedule.")]
    public static partial void JobFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The database failed ({Error} {Number}); trying again, attempt {Attempt}.")]
    public static partial void TriedAgain(ILogger logger, int attempt, string error, int number);
}
