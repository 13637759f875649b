using Microsoft.AspNetCore.Connections;

namespace Aegis.Host.Startup;

/// <summary>Prints in one sentence why the host does not start, instead of a stack trace.</summary>
internal static class StartRefusals
{
    private const int Configuration = 78; // EX_CONFIG of sysexits.h: a retry does not help
    private const int TryAgain = 75; // EX_TEMPFAIL

    // These log a failed start with a stack trace; here it is one sentence.
    private static readonly string[] Verbose = ["Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting.Internal.Host"];

    private static volatile bool hasStarted;

    /// <summary>Handles exceptions that nothing else handles.</summary>
    public static void Explain() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (Reason(unhandled.ExceptionObject) is not { } reason) return;
        Console.Error.WriteLine($"Aegis cannot start: {reason.Sentence}");
        Environment.Exit(reason.ExitCode);
    };

    /// <summary>Stops the server from logging a failed start with a stack trace.</summary>
    public static void QuietUntilStarted(this ILoggingBuilder logging)
    {
        foreach (var category in Verbose)
            logging.AddFilter(category, level => level >= LogLevel.Warning && (hasStarted || level < LogLevel.Error));
    }

    /// <summary>Allows these logs once the host has started, because then nothing else reports such failures.</summary>
    public static void LogFailuresAfterStart(this IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStarted.Register(() => hasStarted = true);

    /// <summary>Returns the sentence and exit code for failures that an operator can correct. Others keep their stack trace.</summary>
    private static (string Sentence, int ExitCode)? Reason(object failure) => failure switch
    {
        StartRefusedException refused => (refused.Message, Configuration),
        IOException { InnerException: AddressInUseException } =>
            ("Another process already uses this address. Stop it, or set ASPNETCORE_URLS to another address.", Configuration),
        InvalidOperationException e when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            (e.Message, Configuration),
        Exception away when !hasStarted && away.IsUnavailable() =>
            ($"The database does not answer ({DatabaseFailure.Describe(away)}). Start it, or correct ConnectionStrings:Aegis.", TryAgain),
        _ => null,
    };
}
