using Aegis.Kernel;

namespace Aegis.Host.Startup;

/// <summary>Says in one sentence why the host does not start, instead of a stack trace.</summary>
internal static class Misconfiguration
{
    private const int ExitCode = 78; // EX_CONFIG of sysexits.h

    /// <summary>Watches for what nothing else handles.</summary>
    public static void Explain() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is not MisconfiguredException misconfigured) return;
        Console.Error.WriteLine($"Aegis does not start: {misconfigured.Message}");
        Environment.Exit(ExitCode);
    };
}
