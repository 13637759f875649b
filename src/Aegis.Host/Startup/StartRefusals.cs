using Microsoft.AspNetCore.Connections;

namespace Aegis.Host.Startup;

/// <summary>Says in one sentence why the host does not start, instead of a stack trace.</summary>
internal static class StartRefusals
{
    private const int Configuration = 78; // EX_CONFIG of sysexits.h: trying again does not help
    private const int TryAgain = 75; // EX_TEMPFAIL

    // What these say of a start that failed is said here, in a sentence.
    private static readonly string[] Wordy = ["Microsoft.AspNetCore.Server.Kestrel", "Microsoft.Extensions.Hosting.Internal.Host"];

    private static volatile bool hasStarted;

    /// <summary>Watches for what nothing else handles.</summary>
    public static void Explain() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (Reason(unhandled.ExceptionObject) is not { } reason) return;
        Console.Error.WriteLine($"Aegis does not start: {reason.Sentence}");
        Environment.Exit(reason.ExitCode);
    };

    /// <summary>Keeps the server from logging, with a stack trace, the failure of a start.</summary>
    public static void QuietUntilStarted(this ILoggingBuilder logging)
    {
        foreach (var category in Wordy)
            logging.AddFilter(category, level => level >= LogLevel.Warning && (hasStarted || level < LogLevel.Error));
    }

    /// <summary>From the start on these failures have nobody else to tell them.</summary>
    public static void TellAfterStart(this IHostApplicationLifetime lifetime) =>
        lifetime.ApplicationStarted.Register(() => hasStarted = true);

    /// <summary>What an operator can put right; anything else keeps its stack trace.</summary>
    private static (string Sentence, int ExitCode)? Reason(object failure) => failure switch
    {
        StartRefusedException refused => (refused.Message, Configuration),
        IOException { InnerException: AddressInUseException } =>
            ("Another process listens on the address already. Stop it, or set ASPNETCORE_URLS to another one.", Configuration),
        InvalidOperationException e when e.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            (e.Message, Configuration),
        Exception away when !hasStarted && away.IsUnavailable() =>
            ($"The database does not answer ({DatabaseFailure.Describe(away)}). Start it, or correct ConnectionStrings:Aegis.", TryAgain),
        _ => null,
    };
}
