namespace Aegis.Cli;

/// <summary>The entry point of the process.</summary>
internal static class Program
{
    public static Task<int> Main(string[] args) => CommandLine.RunAsync(args, CommandEnvironment.OfThisProcess());
}
