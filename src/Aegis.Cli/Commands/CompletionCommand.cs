namespace Aegis.Cli.Commands;

/// <summary><c>aegis completion</c>: prints scripts that ask the command itself for completions.</summary>
internal static class CompletionCommand
{
    private const string Bash =
        """
        _aegis() {
          local IFS=$'\n'
          COMPREPLY=($(compgen -W "$(aegis "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)" -- "${COMP_WORDS[COMP_CWORD]}"))
        }
        complete -o default -F _aegis aegis
        """;

    private const string Zsh =
        """
        #compdef aegis
        _aegis() {
          local -a found
          found=("${(@f)$(aegis "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
          compadd -a found
        }
        compdef _aegis aegis
        """;

    private const string Fish = """complete -c aegis -f -a '(aegis "[suggest:"(commandline -C)"]" (commandline) 2>/dev/null)'""";

    private const string PowerShell =
        """
        Register-ArgumentCompleter -Native -CommandName aegis -ScriptBlock {
          param($word, $ast, $position)
          aegis "[suggest:$position]" "$ast" | ForEach-Object { [System.Management.Automation.CompletionResult]::new($_) }
        }
        """;

    public static Command Build(CommandEnvironment around)
    {
        var shell = new Argument<string>("shell") { Description = "bash, zsh, fish or pwsh." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish", "pwsh");
        return new Command("completion", "Print a script that completes commands in a shell.").Takes(shell)
            .WithExamples("source <(aegis completion bash)", "aegis completion fish > ~/.config/fish/completions/aegis.fish")
            .Does((parsed, _) =>
            {
                around.Out.WriteLine(parsed.GetRequiredValue(shell) switch
                {
                    "bash" => Bash,
                    "zsh" => Zsh,
                    "fish" => Fish,
                    _ =>
                    PowerShell
                });
                return Task.CompletedTask;
            });
    }
}
