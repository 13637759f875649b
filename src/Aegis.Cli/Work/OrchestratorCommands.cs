namespace Aegis.Cli.Work;

/// <summary>Commands for an orchestrator, which this installation does not have: they say so, whatever follows.</summary>
internal static class OrchestratorCommands
{
    public static Command Build(string name, Surroundings around)
    {
        var command = new Command(name, "Needs an orchestrator; none is connected.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(_ =>
        {
            around.Error.WriteLine(
                "✗ No orchestrator is connected to this Aegis. Agents and workflows are an orchestrator's; scopes for them can be granted "
                    + "already.");
            return ExitCodes.NoOrchestrator;
        });
        return command;
    }
}
