namespace Aegis.Webhooks;

internal static partial class Log
{
    [LoggerMessage(7001, LogLevel.Error, "{Count} outcomes of deliveries could not be recorded ({Error}); trying again.")]
    public static partial void OutcomesNotRecorded(ILogger logger, int count, string error, Exception exception);

    [LoggerMessage(7002, LogLevel.Error, "{DeliveryId} broke off ({Error}); it is due still.")]
    public static partial void AttemptBroke(ILogger logger, string deliveryId, string error, Exception exception);

    [LoggerMessage(7003, LogLevel.Error, "Deliveries that are due cannot be looked for ({Error}).")]
    public static partial void DispatcherFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(7004, LogLevel.Error, "The lane of {EndpointId} broke off ({Error}); it begins again.")]
    public static partial void EndpointSenderFailed(ILogger logger, string endpointId, string error, Exception exception);

    [LoggerMessage(7005, LogLevel.Debug, "{EndpointId} was changed by someone else meanwhile.")]
    public static partial void JudgedAgain(ILogger logger, string endpointId);

    [LoggerMessage(7006, LogLevel.Warning, "{EndpointId} has failed for {Days} days ({Error}).")]
    public static partial void EndpointFails(ILogger logger, string endpointId, int days, string error);
}
