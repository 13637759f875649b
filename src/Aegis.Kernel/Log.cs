namespace Aegis.Kernel;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The relay could not read the outbox ({Error}). It will try again.")]
    public static partial void RelayFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "{Handler} failed for {EventId}, the first of {Events} events.")]
    public static partial void HandlerFailed(ILogger logger, string handler, string eventId, int events, Exception exception);

    [LoggerMessage(1003, LogLevel.Error,
        "{EventId} ({EventName}) was parked after {Attempts} failed attempts. Set its state to 'Waiting' to try again.")]
    public static partial void EventParked(ILogger logger, string eventId, string eventName, int attempts);

    [LoggerMessage(1011, LogLevel.Error, "{EventId} ({EventName}) cannot be read. The relay will try again.")]
    public static partial void EventUnreadable(ILogger logger, string eventId, string eventName, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "The job {Job} failed. It runs again on schedule.")]
    public static partial void JobFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The database failed ({Error} {Number}). Trying again, attempt {Attempt}.")]
    public static partial void TriedAgain(ILogger logger, int attempt, string error, int number);

    [LoggerMessage(1006, LogLevel.Warning, "The key ring cannot be read ({Error}). This host keeps the keys that it has loaded.")]
    public static partial void RingUnreadable(ILogger logger, string error);

    [LoggerMessage(1007, LogLevel.Error,
        "The key ring is now '{Found}', but this host uses '{Expected}' and keeps its keys. Restore the ring before the next start.")]
    public static partial void RingIsAnother(ILogger logger, string found, string expected);

    [LoggerMessage(1008, LogLevel.Information, "Rewrapped {Count} sealed values under {KeyId}.")]
    public static partial void Rewrapped(ILogger logger, long count, string keyId);

    [LoggerMessage(1009, LogLevel.Error, "A sealed value of {Column} in row '{RowKey}' could not be rewrapped ({Error}).")]
    public static partial void NotRewrapped(ILogger logger, string column, string rowKey, string error);

    [LoggerMessage(1012, LogLevel.Information,
        "In the last minute {Calls} calls without a valid credential were refused ({Codes}). {Withheld} log lines about them were "
            + "left out.")]
    public static partial void StrangersRefused(ILogger logger, long calls, string codes, long withheld);

    [LoggerMessage(1013, LogLevel.Debug, "{EventName} {EventId} of {ObjectId}: {Handlers} handlers, {Outcome}.")]
    public static partial void EventHandled(ILogger logger, string eventName, string eventId, string objectId, int handlers,
        string outcome);

    [LoggerMessage(1010, LogLevel.Debug, "{Handler} had a conflict while handling {EventId}. It tries again.")]
    public static partial void HandledAgain(ILogger logger, string handler, string eventId);

    [LoggerMessage(1014, LogLevel.Warning,
        "{Host}:{Port} has an internal or reserved address: a {Purpose} call of {OrganizationId} was refused. "
            + "To allow it, add it to Outbound:Allow.")]
    public static partial void LeadsInward(ILogger logger, string host, int port, Outbound.OutboundPurpose purpose, string organizationId);
}
