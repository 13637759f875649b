using Microsoft.Extensions.Logging;

namespace Aegis.Auth;

internal static partial class Log
{
    [LoggerMessage(6001, LogLevel.Warning,
        "This host could not poll for revocations ({Error}). Until it can, every request reads the database.")]
    public static partial void ChangesNotFollowed(ILogger logger, string error);

    [LoggerMessage(6002, LogLevel.Information,
        "This host could not unregister ({Error}). For a minute each revocation waits two seconds for it.")]
    public static partial void NodeStayed(ILogger logger, string error);

    [LoggerMessage(6003, LogLevel.Warning, "The last uses of API keys could not be stored ({Error}).")]
    public static partial void UsesNotStored(ILogger logger, string error);

    [LoggerMessage(6005, LogLevel.Warning, "The mail message {Letter} could not be sent (attempt {Attempt}). {Answer}")]
    public static partial void MailRefused(ILogger logger, string letter, int attempt, string answer);

    [LoggerMessage(6006, LogLevel.Warning, "The mail message {Letter} could not be sent (attempt {Attempt}, {Error}).")]
    public static partial void MailNotSent(ILogger logger, string letter, int attempt, string error);

    [LoggerMessage(6007, LogLevel.Warning, "This host could not read the mail queue ({Error}). It will try again.")]
    public static partial void MailQueueNotRead(ILogger logger, string error);

    [LoggerMessage(6004, LogLevel.Warning, "The counts of wrong API key secrets could not be stored ({Error}).")]
    public static partial void WrongSecretsNotStored(ILogger logger, string error);

    [LoggerMessage(6008, LogLevel.Warning, "The external provider did not identify a person. {Why}")]
    public static partial void ExternalFailed(ILogger logger, string why);
}
