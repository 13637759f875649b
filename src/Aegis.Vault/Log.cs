namespace Aegis.Vault;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "{Count} uses of credentials could not be stored ({Error}); their values were not returned.")]
    public static partial void UsesNotStored(ILogger logger, int count, string error);

    [LoggerMessage(5002, LogLevel.Warning, "{RotationId} failed at {Step} ({Code}), {Failures} times in a row.")]
    public static partial void RotationStepFailed(ILogger logger, string rotationId, Rotation.RotationStep step, string code, int failures);

    [LoggerMessage(5003, LogLevel.Error, "{RotationId} stopped with an error ({Error}); it will be retried.")]
    public static partial void RotationBroke(ILogger logger, string rotationId, string error, Exception exception);

    [LoggerMessage(5004, LogLevel.Error, "The query for due rotations failed ({Error}).")]
    public static partial void RunnerFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5007, LogLevel.Critical,
        "Version {Version} of {CredentialId} cannot be decrypted: it was changed, or its key is missing.")]
    public static partial void ValueUnreadable(ILogger logger, string credentialId, int version);

    [LoggerMessage(5006, LogLevel.Debug, "A credential changed while its owner was being warned.")]
    public static partial void WarnAgain(ILogger logger);

    [LoggerMessage(5008, LogLevel.Error, "Due copies cannot be sent ({Error}).")]
    public static partial void CopiesFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5009, LogLevel.Error, "{CredentialId} cannot be tested ({Error}).")]
    public static partial void CheckBroke(ILogger logger, string credentialId, string error, Exception exception);

    [LoggerMessage(5013, LogLevel.Information, "The values of {CredentialId} were destroyed: it was retired too long ago to be restored.")]
    public static partial void ValuesDestroyed(ILogger logger, string credentialId);

    [LoggerMessage(5005, LogLevel.Debug, "{CredentialId} was changed at the same time by a person or another host.")]
    public static partial void TakenByAnother(ILogger logger, string credentialId);
}
