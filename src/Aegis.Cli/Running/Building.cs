namespace Aegis.Cli.Running;

/// <summary>Helpers that build commands.</summary>
internal static class Building
{
    private const int MaxRows = 200; // the host's maximum page size

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

    public static Argument<string> Id(string name, string description) =>
        new(name) { Description = description, HelpName = name.ToUpperInvariant() };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };

    /// <summary>How many rows of a list are shown; 0 shows all.</summary>
    public static Option<int> Limit { get; } = NewLimit();

    /// <summary>
    /// The rows of the list up to <c>--limit</c>. If there are more, the error stream says so, so that nobody takes a part for the whole.
    /// </summary>
    public static async Task<List<T>> ShownAsync<T>(
        this Sessions sessions, ParseResult parsed, IAsyncEnumerable<T> all, CancellationToken ct)
    {
        var limit = parsed.GetValue(Limit);
        if (limit == 0) return await all.ToListAsync(ct);
        var found = await all.Take(limit + 1).ToListAsync(ct);
        if (found.Count <= limit) return found;
        sessions.Around.Error.WriteLine($"! These are the first {limit}. Show all with --limit 0.");
        return found[..limit];
    }

    /// <summary>How many rows to request from a list without a cursor.</summary>
    public static int Rows(ParseResult parsed) => parsed.GetValue(Limit) is > 0 and var limit ? limit : MaxRows;

    public static void SayIfCut(this Sessions sessions, ParseResult parsed, int shown)
    {
        if (shown >= Rows(parsed))
            sessions.Around.Error.WriteLine($"! There may be more than these {shown}. Show more with --limit, at most {MaxRows}.");
    }

    private static Option<int> NewLimit()
    {
        var limit = new Option<int>("--limit") { Description = "Maximum number of rows; 0 for all.", DefaultValueFactory = _ => 50 };
        limit.Validators.Add(given =>
        {
            if (given.Tokens.Count > 0 && int.TryParse(given.Tokens[0].Value, out var number) && number < 0)
                given.AddError("--limit must be 0 or more.");
        });
        return limit;
    }
}
