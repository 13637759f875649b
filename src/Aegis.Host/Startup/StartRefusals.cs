using Aegis.Kernel;
using Microsoft.AspNetCore.Connections;

namespace Aegis.Host.Startup;

/// <summary>Says in one sentence why the host does not start, instead of a stack trace.</summary>
internal static class StartRefusals
{
    private const int ExitCode = 78; // EX_CONFIG of sysexits.h

    /// <summary>Watches for what nothing else handles.</summary>
    public static void Explain() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (Reason(unhandled.ExceptionObject) is not { } reason) return;
        Console.Error.WriteLine($"Aegis does not start: {reason}");
        Environment.Exit(ExitCode);
    };

    /// <summary>What an operator can put right; anything else keeps its stack trace.</summary>
    private static string? Reason(object failure) => failure switch
    {
        StartRefusedException refused => refused.Message,
        IOException { InnerException: AddressInUseException } => "Another process listens on the address already. Stop it, or set ASPNETCORE_URLS to another one.",
        InvalidOperationException converted when converted.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) => converted.Message,
        _ => null,
    };
}
