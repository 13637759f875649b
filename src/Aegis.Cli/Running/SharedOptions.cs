namespace Aegis.Cli.Running;

/// <summary>Options that every command has.</summary>
internal sealed class SharedOptions
{
    public Option<string?> Environment { get; } = new("--env")
    {
        Description = "Environment: a host such as dev.example.org, localhost:8012, or an https address. [AEGIS_ENV]",
        Recursive = true,
        HelpName = "HOST",
    };

    public Option<string?> Profile { get; } =
        new("--profile") { Description = "Profile to use instead of the current one.", Recursive = true, HelpName = "NAME" };

    public Option<OutputFormat> Output { get; } = new("--output", "-o")
    {
        Description = "Output format.",
        Recursive = true,
        HelpName = "table|json|yaml",
        DefaultValueFactory = _ => OutputFormat.Table,
    };

    public IEnumerable<Option> All => [Environment, Profile, Output];
}
