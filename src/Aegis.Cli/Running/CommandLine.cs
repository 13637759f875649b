using System.CommandLine.Help;
using System.CommandLine.Invocation;
using Aegis.Cli.Commands;

namespace Aegis.Cli.Running;

/// <summary>
/// The command <c>aegis</c>. <see cref="Building"/> builds the commands, <see cref="Sessions"/> gives them a client, and
/// <see cref="CommandEnvironment"/> is their access to the process. <see cref="ParseErrors"/> explains a wrong command line and
/// <see cref="Refusal"/> a failure; <see cref="ExitCodes"/> turns it into the exit code.
/// </summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args, CommandEnvironment around)
    {
        var root = Build(around);
        var parsed = root.Parse(args);
        var configuration =
            new InvocationConfiguration { Output = around.Out, Error = around.Error, EnableDefaultExceptionHandler = false };
        // The child program decides when it ends.
        if (parsed.CommandResult.Command.Name == RunCommand.Name) configuration.ProcessTerminationTimeout = null;
        try
        {
            if (parsed.Action is not ParseErrorAction) return await parsed.InvokeAsync(configuration);
            ParseErrors.Say(parsed, around.Error);
            return ExitCodes.Usage;
        }
        catch (Exception failure) when (failure is AegisException or AegisProtocolException or AegisUnreachableException or StoppedException
            or OperationCanceledException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            Refusal.Say(around, failure);
            return ExitCodes.Of(failure);
        }
        catch (Exception unexpected)
        {
            around.Error.WriteLine($"✗ Unexpected error: {unexpected.Message} ({unexpected.GetType().Name})");
            return ExitCodes.Failed;
        }
    }

    private static RootCommand Build(CommandEnvironment around)
    {
        var root = new RootCommand("Aegis: exchange of patient imaging studies, API keys and a credential vault.");
        var shared = new SharedOptions();
        foreach (var option in shared.All) root.Options.Add(option);
        var session = new Sessions(around, shared);
        root.Subcommands.Add(AuthCommands.Build(session));
        foreach (var shorter in AuthCommands.Shortcuts(session)) root.Subcommands.Add(shorter);
        root.Subcommands.Add(KeyCommands.Build(session));
        root.Subcommands.Add(SessionCommands.Build(session));
        root.Subcommands.Add(UserCommands.Build(session));
        root.Subcommands.Add(RequestCommands.Build(session));
        root.Subcommands.Add(InboxCommand.Build(session));
        root.Subcommands.Add(TransferCommands.Build(session));
        root.Subcommands.Add(CredentialCommands.Build(session));
        root.Subcommands.Add(HealthCommands.Build(session));
        root.Subcommands.Add(AuditCommand.Build(session));
        root.Subcommands.Add(WebhookCommands.Build(session));
        root.Subcommands.Add(RunCommand.Build(session));
        root.Subcommands.Add(CompletionCommand.Build(around));
        root.Subcommands.Add(OrchestratorCommands.Build("agent", around));
        root.Subcommands.Add(OrchestratorCommands.Build("workflow", around));
        root.Subcommands.Add(HelpCommands.Help(root));
        root.Subcommands.Add(HelpCommands.Version(root));
        foreach (var version in root.Options.OfType<VersionOption>()) version.Aliases.Add("-v");
        foreach (var help in root.Options.OfType<HelpOption>()) help.Action = new HelpWithExamples((HelpAction)help.Action!);
        return root;
    }
}
