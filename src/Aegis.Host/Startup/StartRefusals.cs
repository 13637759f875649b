using Aegis.Kernel;

namespace Aegis.Host.Startup;

/// <summary>Says in one sentence why the host does not start, instead of a stack trace.</summary>
internal static class StartRefusals
{
    private const int ExitCode = 78; // EX_CONFIG of sysexits.h

    /// <summary>Watches for what nothing else handles.</summary>
    public static void Explain() => AppDomain.CurrentDomain.UnhandledException += (_, unhandled) =>
    {
        if (unhandled.ExceptionObject is not StartRefusedException refused) return;
        Console.Error.WriteLine($"Aegis does not start: {refused.Message}");
        Environment.Exit(ExitCode);
    };
}
