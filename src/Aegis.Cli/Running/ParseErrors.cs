using System.CommandLine.Parsing;

namespace Aegis.Cli.Running;

/// <summary>Explains what is wrong with a command line and suggests a correction.</summary>
internal static class ParseErrors
{
    private const int MaxEdits = 2;
    private const string Conversion = "as expected type"; // part of the parser's message for an invalid value, which names .NET types

    public static void Say(ParseResult parsed, TextWriter to)
    {
        foreach (var sentence in parsed.Errors.Select(e => Sentence(parsed, e)).Distinct(StringComparer.Ordinal))
            to.WriteLine($"✗ {sentence}");
        to.WriteLine($"  {Path(parsed.CommandResult)} --help shows the usage.");
    }

    private static string Sentence(ParseResult parsed, ParseError error)
    {
        if (error.SymbolResult is { } symbol && error.Message.Contains(Conversion, StringComparison.Ordinal)) return InvalidValue(symbol);
        var command = parsed.CommandResult.Command;
        if (command.Subcommands.Count > 0 && command.Action is null && parsed.UnmatchedTokens.Count == 0)
            return $"Give a command: {Path(parsed.CommandResult)} {string.Join('|', Shown(command))}";
        if (parsed.UnmatchedTokens is not [var word, ..] || !error.Message.Contains($"'{word}'", StringComparison.Ordinal))
            return error.Message;
        if (word.StartsWith('-'))
            return $"'{word}' is not an option of '{Path(parsed.CommandResult)}'.{Suggestion(word, Options(parsed.CommandResult))}";
        return command.Subcommands.Count == 0
            ? $"'{word}' is one argument too many for '{Path(parsed.CommandResult)}'."
            : $"'{word}' is not a command of '{Path(parsed.CommandResult)}'.{Suggestion(word, Shown(command))} Available: "
                + $"{string.Join(", ", Shown(command))}.";
    }

    private static string InvalidValue(SymbolResult symbol)
    {
        var (name, type) = symbol switch
        {
            OptionResult option => (option.Option.Name, option.Option.ValueType),
            ArgumentResult { Parent: OptionResult option } => (option.Option.Name, option.Option.ValueType),
            ArgumentResult argument => (argument.Argument.Name, argument.Argument.ValueType),
            _ => ("The value", typeof(string)),
        };
        var given = symbol.Tokens.Count > 0 ? $"'{symbol.Tokens[^1].Value}'" : "The value";
        type = Nullable.GetUnderlyingType(type) ?? type;
        return type switch
        {
            _ when type == typeof(DateTimeOffset) => $"{given} is not a time. Give {name} as in 2026-12-31T00:00:00Z.",
            _ when type == typeof(int) || type == typeof(long) => $"{given} is not a whole number. Give {name} as in 50.",
            _ when type == typeof(bool) => $"{given} is neither true nor false. Give {name} as one of them.",
            { IsEnum: true } =>
                $"{given} is not a value of {name}. Give one of: "
                    + $"{string.Join(", ", Enum.GetNames(type).Select(n => n.ToLowerInvariant()))}.",
            _ => $"{given} is not a value of {name}.",
        };
    }

    private static string Suggestion(string word, IEnumerable<string> known)
    {
        var near = known.Select(k => (Word: k, Edits: Distance(word, k))).Where(k => k.Edits <= MaxEdits && k.Edits < k.Word.Length)
            .OrderBy(k => k.Edits).FirstOrDefault();
        return near.Word is null ? "" : $" Did you mean {near.Word}?";
    }

    private static IEnumerable<string> Shown(Command command) => command.Subcommands.Where(c => !c.Hidden).Select(c => c.Name);

    private static IEnumerable<string> Options(CommandResult at)
    {
        for (SymbolResult? level = at; level is CommandResult command; level = level.Parent)
            foreach (var option in command.Command.Options) yield return option.Name;
    }

    private static string Path(CommandResult at) => at.Parent is CommandResult above ? $"{Path(above)} {at.Command.Name}" : "aegis";

    /// <summary>Number of letters to insert, remove or replace (Levenshtein).</summary>
    private static int Distance(string one, string other)
    {
        var row = Enumerable.Range(0, other.Length + 1).ToArray();
        for (var i = 1; i <= one.Length; i++)
        {
            var corner = row[0];
            row[0] = i;
            for (var j = 1; j <= other.Length; j++)
                (corner, row[j]) = (row[j], Math.Min(Math.Min(row[j], row[j - 1]) + 1, corner + (one[i - 1] == other[j - 1] ? 0 : 1)));
        }

        return row[^1];
    }
}
