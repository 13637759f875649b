using Microsoft.Extensions.Logging;

namespace Aegis.Vault;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "{Count} uses of credentials could not be stored ({Error}); their values were not given out.")]
    public static partial void UsesNotStored(ILogger logger, int count, string error);
}
