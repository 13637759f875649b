using Aegis.Host.Startup;
using Aegis.Kernel.Persistence;

namespace Aegis.Host;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Error, "{Method} {Route} failed with {Error}, trace {TraceId}.")]
    public static partial void CallFailed(ILogger logger, string method, string route, string error, string traceId, Exception exception);

    [LoggerMessage(2004, LogLevel.Error, "{Method} {Route}: the database is unavailable ({Error}), trace {TraceId}.")]
    public static partial void DatabaseUnavailable(ILogger logger, string method, string route, string error, string traceId, Exception exception);

    [LoggerMessage(2005, LogLevel.Debug, "{Method} {Route} {Status} in {Milliseconds} ms, trace {TraceId}.")]
    public static partial void Called(ILogger logger, string method, string route, int status, long milliseconds, string traceId);

    [LoggerMessage(2002, LogLevel.Warning, "This build uses stand-ins for packages of the SQL Server provider (build/stand-ins/README.md). Build with -p:AegisStandIns=false for Production.")]
    private static partial void StandIns(ILogger logger);

    [LoggerMessage(2003, LogLevel.Information, "Sandbox: keys and addresses are in {File}. Try: {Command}")]
    public static partial void SandboxReady(ILogger logger, string file, string command);

    [LoggerMessage(2006, LogLevel.Warning, "Others may read {Count} files or folders below DataDirectory, and their modes cannot be changed, such as {Path}.")]
    public static partial void FilesNotPrivate(ILogger logger, int count, string path);

    /// <summary>Warns once when the host was built without the real packages and runs on SQL Server in Production.</summary>
    public static void StandInsInProduction(ILogger logger, ServerOptions options, DatabaseOptions database)
    {
        var standIn = Type.GetType("Microsoft.SqlServer.Server.Format, Microsoft.SqlServer.Server")?.Assembly.GetName().Version?.Major == 5;
        if (standIn && options.IsProduction && database.Provider is DatabaseProvider.SqlServer) StandIns(logger);
    }
}
