namespace Aegis.Host;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "{Method} {Route} failed with {Error}, trace {TraceId}.")]
    public static partial void CallFailed(ILogger logger, string method, string route, string error, string traceId, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "{Method} {Route}: the database is unavailable ({Error}), trace {TraceId}.")]
    public static partial void DatabaseUnavailable(
        ILogger logger, string method, string route, string error, string traceId, Exception exception);

    [LoggerMessage(2005, LogLevel.Debug, "{Method} {Route} {Status} in {Milliseconds} ms, trace {TraceId}.")]
    public static partial void Called(ILogger logger, string method, string route, int status, long milliseconds, string traceId);

    [LoggerMessage(2007, LogLevel.Warning,
        "Jobs:Runner is 'Quartz', which Aegis no longer supports. Hangfire runs the jobs. Set it to 'Hangfire', or remove it.")]
    public static partial void EarlierRunner(ILogger logger);

    [LoggerMessage(2003, LogLevel.Information, "Sandbox: the keys and users are in {File}. Next: {Command}")]
    public static partial void SandboxReady(ILogger logger, string file, string command);

    [LoggerMessage(2006, LogLevel.Warning,
        "Other accounts can read {Count} files or folders in DataDirectory, and their modes cannot be changed. The first is {Path}.")]
    public static partial void FilesNotPrivate(ILogger logger, int count, string path);
}
