namespace Aegis.Cli.Commands;

/// <summary>Commands for an orchestrator. This installation has none, so they only say that.</summary>
internal static class OrchestratorCommands
{
    public static Command Build(string name, CommandEnvironment around)
    {
        var command = new Command(name, "Needs an orchestrator, and none is connected.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(_ =>
        {
            around.Error.WriteLine(
                "✗ No orchestrator is connected to this Aegis. Agents and workflows belong to an orchestrator. Their scopes can already be "
                    + "granted.");
            return ExitCodes.NoOrchestrator;
        });
        return command;
    }
}
