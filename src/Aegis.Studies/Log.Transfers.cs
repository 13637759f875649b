namespace Aegis.Studies;

internal static partial class Log
{
    [LoggerMessage(3201, LogLevel.Error, "Running streams could not be checked ({Error}); it tries again, and window ends still cut.")]
    public static partial void CutFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(3202, LogLevel.Error, "The bytes served for {TransferId} could not be stored ({Error}); the lease is the upper bound.")]
    public static partial void MeterNotStored(ILogger logger, string transferId, string error, Exception exception);

    [LoggerMessage(3203, LogLevel.Error, "The end of a stream of {TransferId} ({Bytes} bytes) could not be written to the audit log.")]
    public static partial void StreamEndNotAudited(ILogger logger, string transferId, long bytes, Exception exception);

    [LoggerMessage(3204, LogLevel.Error, "The sweep {Sweep} failed ({Error}) and will try again.")]
    public static partial void SweepFailed(ILogger logger, string sweep, string error, Exception exception);

    [LoggerMessage(3205, LogLevel.Error, "{Step} failed for {TransferId} ({Error}) and will be tried again.")]
    public static partial void TransferStepFailed(ILogger logger, string step, string transferId, string error, Exception exception);

    [LoggerMessage(3206, LogLevel.Information, "The key of {Day} was destroyed.")]
    public static partial void DayKeyDestroyed(ILogger logger, DateOnly day);

    [LoggerMessage(3207, LogLevel.Error, "The sealed study of {TransferId} cannot be read ({Error}).")]
    public static partial void ContentUnreadable(ILogger logger, string transferId, string error, Exception exception);
}
