using System.CommandLine;

namespace Aegis.Cli.Running;

/// <summary>Commands in few words.</summary>
internal static class Building
{
    public static Command Does(this Command command, Func<ParseResult, CancellationToken, Task> action)
    {
        command.SetAction(async (parsed, ct) =>
        {
            await action(parsed, ct);
            return ExitCodes.Done;
        });
        return command;
    }

    public static Command Takes(this Command command, params IEnumerable<Symbol> symbols)
    {
        foreach (var symbol in symbols)
        {
            if (symbol is Argument argument) command.Arguments.Add(argument);
            else command.Options.Add((Option)symbol);
        }

        return command;
    }

    public static Command Has(this Command command, params IEnumerable<Command> below)
    {
        foreach (var one in below) command.Subcommands.Add(one);
        return command;
    }

    public static Argument<string> Id(string name, string description) => new(name) { Description = description, HelpName = name.ToUpperInvariant() };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };

    public static Option<int> Limit { get; } = new("--limit") { Description = "At most so many.", DefaultValueFactory = _ => 50 };
}
