using Microsoft.Extensions.Logging;

namespace Aegis.Auth;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning, "This host could not ask who was revoked ({Error}); until it can, every request reads the database.")]
    public static partial void ChangesNotFollowed(ILogger logger, string error);

    [LoggerMessage(6002, LogLevel.Information, "This host could not sign off ({Error}); for a minute revocations wait two seconds for it.")]
    public static partial void NodeStayed(ILogger logger, string error);

    [LoggerMessage(6003, LogLevel.Warning, "The last uses of API keys could not be stored ({Error}).")]
    public static partial void UsesNotStored(ILogger logger, string error);
}
