namespace Aegis.Studies;

internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Debug, "{RequestId} was changed at the same time by another request or host.")]
    public static partial void RequestTaken(ILogger logger, string requestId);

    [LoggerMessage(3002, LogLevel.Warning, "The lease of {RequestId} could not be renewed or given back ({Error}); it will expire.")]
    public static partial void LeaseFailed(ILogger logger, string requestId, string error);

    [LoggerMessage(3003, LogLevel.Information, "{FileName} did not belong to a transfer and was deleted.")]
    public static partial void OrphanSwept(ILogger logger, string fileName);

    [LoggerMessage(3004, LogLevel.Warning, "{FileName} does not belong to a transfer but could not be deleted ({Error}).")]
    public static partial void OrphanStays(ILogger logger, string fileName, string error);

    [LoggerMessage(3005, LogLevel.Error, "{FileName} could not be stored or read back ({Error}); its upload was refused.")]
    public static partial void NotStored(ILogger logger, string fileName, string error, Exception exception);
}
