using Microsoft.Extensions.Logging;

namespace Aegis.Studies;

internal static partial class Log
{
    [LoggerMessage(3101, LogLevel.Debug, "{RequestId} was changed by someone else meanwhile.")]
    public static partial void RequestTaken(ILogger logger, string requestId);

    [LoggerMessage(3102, LogLevel.Information, "The upload for {RequestId} ended without a transfer ({Code}); the request is as before.")]
    public static partial void FulfilmentAbandoned(ILogger logger, string requestId, string code);

    [LoggerMessage(3103, LogLevel.Warning, "The lease of {RequestId} could not be renewed or given back ({Error}); it runs out by itself.")]
    public static partial void LeaseFailed(ILogger logger, string requestId, string error);

    [LoggerMessage(3104, LogLevel.Information, "{FileName} belonged to no transfer and is deleted.")]
    public static partial void OrphanSwept(ILogger logger, string fileName);

    [LoggerMessage(3105, LogLevel.Warning, "{FileName} belongs to no transfer but could not be deleted ({Error}).")]
    public static partial void OrphanStays(ILogger logger, string fileName, string error);
}
