using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace Aegis.Cli.Running;

/// <summary>The help text, followed by examples.</summary>
internal sealed class HelpWithExamples(HelpAction usual) : SynchronousCommandLineAction
{
    public override int Invoke(ParseResult parseResult)
    {
        var code = usual.Invoke(parseResult);
        if (!Examples.Of(parseResult.CommandResult.Command, out var lines)) return code;
        var to = parseResult.InvocationConfiguration.Output;
        to.WriteLine("Examples:");
        foreach (var line in lines) to.WriteLine($"  {line}");
        to.WriteLine();
        return code;
    }
}

/// <summary>Examples of commands.</summary>
internal static class Examples
{
    private static readonly ConditionalWeakTable<Command, string[]> Known = [];

    public static Command WithExamples(this Command command, params string[] lines)
    {
        Known.Add(command, lines);
        return command;
    }

    public static bool Of(Command command, out string[] lines) => Known.TryGetValue(command, out lines!);
}
