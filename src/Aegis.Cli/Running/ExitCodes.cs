using System.Net;

namespace Aegis.Cli.Running;

/// <summary>Exit codes of the process. Scripts rely on them; docs/cli.md lists them.</summary>
internal static class ExitCodes
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;
    public const int NoOrchestrator = 3;
    public const int NotAuthenticated = 4;
    public const int NotAllowed = 5;
    public const int NotFound = 6;
    public const int Conflict = 7;
    public const int Unavailable = 8;
    public const int Damaged = 9;
    public const int Interrupted = 130;

    public static int Of(Exception failure) => failure switch
    {
        StoppedException stopped => stopped.ExitCode,
        AegisUnauthenticatedException => NotAuthenticated,
        AegisForbiddenException => NotAllowed,
        AegisNotFoundException => NotFound,
        AegisConflictException or AegisGoneException => Conflict,
        AegisInvalidException or AegisTargetException => Usage,
        AegisRateLimitedException or AegisUnavailableException or AegisUnreachableException => Unavailable,
        AegisException { Status: HttpStatusCode.RequestTimeout } => Unavailable,
        AegisDigestException => Damaged,
        OperationCanceledException => Interrupted,
        _ => Failed,
    };
}

/// <summary>The command cannot continue. The message says why and what to do.</summary>
/// <param name="exitCode">The exit code of the process.</param>
/// <param name="message">The sentence that is shown.</param>
internal sealed class StoppedException(int exitCode, string message) : Exception(message)
{
    public int ExitCode => exitCode;
}
