namespace Aegis.Kernel;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The relay could not read the outbox ({Error}); it tries again.")]
    public static partial void RelayFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(1002, LogLevel.Warning, "{Handler} failed on {EventId}, the first of {Events}.")]
    public static partial void HandlerFailed(ILogger logger, string handler, string eventId, int events, Exception exception);

    [LoggerMessage(1003, LogLevel.Error,
        "{EventId} ({EventName}) is parked after {Attempts} attempts. Set its state to 'Waiting' to try again.")]
    public static partial void EventParked(ILogger logger, string eventId, string eventName, int attempts);

    [LoggerMessage(1011, LogLevel.Error, "{EventId} ({EventName}) cannot be read; it is tried again.")]
    public static partial void EventUnreadable(ILogger logger, string eventId, string eventName, Exception exception);

    [LoggerMessage(1004, LogLevel.Error, "The job {Job} failed; it runs again on schedule.")]
    public static partial void JobFailed(ILogger logger, string job, Exception exception);

    [LoggerMessage(1005, LogLevel.Warning, "The database failed ({Error} {Number}); trying again, attempt {Attempt}.")]
    public static partial void TriedAgain(ILogger logger, int attempt, string error, int number);

    [LoggerMessage(1006, LogLevel.Warning, "The key ring cannot be read ({Error}); the keys that are known go on.")]
    public static partial void RingUnreadable(ILogger logger, string error);

    [LoggerMessage(1007, LogLevel.Error,
        "The key ring is '{Found}' now, but this host works with '{Expected}'; its keys go on. Restore the ring before the next start.")]
    public static partial void RingIsAnother(ILogger logger, string found, string expected);

    [LoggerMessage(1008, LogLevel.Information, "{Count} sealed values are under {KeyId} now.")]
    public static partial void Rewrapped(ILogger logger, long count, string keyId);

    [LoggerMessage(1009, LogLevel.Error, "A sealed value of {Column} cannot be rewrapped ({Error}); its row is '{RowKey}'.")]
    public static partial void NotRewrapped(ILogger logger, string column, string rowKey, string error);

    [LoggerMessage(1012, LogLevel.Information,
        "In the last minute {Calls} calls without a credential that works were refused ({Codes}); {Withheld} lines about them were "
            + "left out.")]
    public static partial void StrangersRefused(ILogger logger, long calls, string codes, long withheld);

    [LoggerMessage(1013, LogLevel.Debug, "{EventName} {EventId} of {ObjectId}: for {Handlers} handlers, {Outcome}.")]
    public static partial void EventHandled(ILogger logger, string eventName, string eventId, string objectId, int handlers,
        string outcome);

    [LoggerMessage(1010, LogLevel.Debug, "{Handler} lost to another change while it handled {EventId}; it decides again.")]
    public static partial void HandledAgain(ILogger logger, string handler, string eventId);

    [LoggerMessage(1014, LogLevel.Warning,
        "{Host}:{Port} leads inside of a network or to a reserved address: a {Purpose} call of {OrganizationId} was refused. "
            + "Outbound:Allow opens it.")]
    public static partial void LeadsInward(ILogger logger, string host, int port, Outbound.OutboundPurpose purpose, string organizationId);
}
