namespace Aegis.Vault;

internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Error, "{Count} uses of credentials could not be stored ({Error}); their values were not given out.")]
    public static partial void UsesNotStored(ILogger logger, int count, string error);

    [LoggerMessage(5002, LogLevel.Warning, "{RotationId} failed at {Step} ({Code}), {Failures} times in a row.")]
    public static partial void RotationStepFailed(ILogger logger, string rotationId, Rotation.RotationStep step, string code, int failures);

    [LoggerMessage(5003, LogLevel.Error, "{RotationId} broke off ({Error}); it is tried again.")]
    public static partial void RotationBroke(ILogger logger, string rotationId, string error, Exception exception);

    [LoggerMessage(5004, LogLevel.Error, "Rotations that are due cannot be looked for ({Error}).")]
    public static partial void RunnerFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5007, LogLevel.Critical, "Version {Version} of {CredentialId} cannot be opened: it was changed, or its key is missing.")]
    public static partial void ValueUnreadable(ILogger logger, string credentialId, int version);

    [LoggerMessage(5006, LogLevel.Debug, "A credential changed while its owner was being warned.")]
    public static partial void WarnAgain(ILogger logger);

    [LoggerMessage(5008, LogLevel.Error, "Copies that are due cannot be sent ({Error}).")]
    public static partial void CopiesFailed(ILogger logger, string error, Exception exception);

    [LoggerMessage(5009, LogLevel.Error, "{CredentialId} cannot be tried ({Error}).")]
    public static partial void CheckBroke(ILogger logger, string credentialId, string error, Exception exception);

    [LoggerMessage(5013, LogLevel.Information, "The values of {CredentialId} were destroyed: it was retired too long ago to be restored.")]
    public static partial void ValuesDestroyed(ILogger logger, string credentialId);

    [LoggerMessage(5005, LogLevel.Debug, "{CredentialId} was changed by someone else meanwhile.")]
    public static partial void TakenByAnother(ILogger logger, string credentialId);
}
