namespace Aegis.Cli.Running;

/// <summary><c>aegis help</c> and <c>aegis version</c>, for users who type the word instead of the option.</summary>
internal static class HelpCommands
{
    public static Command Help(RootCommand root)
    {
        var words = new Argument<string[]>("command") { Description = "The command to explain.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("help", "Explain a command.").Takes(words).WithExamples("aegis help keys create");
        command.SetAction((parsed, ct) => root.Parse([.. parsed.GetValue(words) ?? [], "--help"])
            .InvokeAsync(parsed.InvocationConfiguration, ct));
        return command;
    }

    public static Command Version(RootCommand root)
    {
        var command = new Command("version", "Print the version.");
        command.SetAction((parsed, ct) => root.Parse(["--version"]).InvokeAsync(parsed.InvocationConfiguration, ct));
        return command;
    }
}
