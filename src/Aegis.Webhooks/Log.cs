namespace Aegis.Webhooks;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Error, "{Count} results of deliveries could not be stored ({Error}). They are tried again.")]
    public static partial void OutcomesNotRecorded(ILogger logger, int count, string error, Exception exception);

    [LoggerMessage(7002, LogLevel.Error, "An attempt of {DeliveryId} was interrupted ({Error}). The delivery stays due.")]
    public static partial void AttemptBroke(ILogger logger, string deliveryId, string error, Exception exception);

    [LoggerMessage(7003, LogLevel.Error, "Due deliveries cannot be queried ({Error}). They are looked for again.")]
    public static partial void DispatcherFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(7004, LogLevel.Error, "The sender of {EndpointId} failed ({Error}). It is started again.")]
    public static partial void EndpointSenderFailed(ILogger logger, string endpointId, string error, Exception exception);

    [LoggerMessage(7005, LogLevel.Debug, "{EndpointId} was changed by another host or caller; the result is stored again.")]
    public static partial void JudgedAgain(ILogger logger, string endpointId);

    [LoggerMessage(7006, LogLevel.Warning, "{EndpointId} has failed for {Days} days ({Error}). It is disabled after five days.")]
    public static partial void EndpointFails(ILogger logger, string endpointId, int days, string error);
}
