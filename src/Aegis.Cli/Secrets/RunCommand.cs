namespace Aegis.Cli.Secrets;

/// <summary><c>aegis run</c>.</summary>
internal static class RunCommand
{
    public const string Name = "run";
    private static readonly string[] OwnVariables = [Sessions.KeyVariable, "AEGIS_AUTH_KEY"];

    public static Command Build(Sessions sessions)
    {
        var secrets = new Option<string[]>(
            "--secret", "-s")
        { Description = "VARIABLE=credential or VARIABLE=credential@version; may be repeated.", Required = true };
        var (open, pass) = (new Option<bool>("--no-mask") { Description = "Do not mask secrets in the output." },
            new Option<bool>("--pass-key") { Description = "Pass AEGIS_KEY to the program too." });
        var program =
            new Argument<string[]>("command") { Description = "The program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var command =
            new Command(Name, "Run a program with secrets in its environment only. They are masked in its output.").Takes(
                secrets, open, pass, program)
            .WithExamples("aegis run -s OPENAI_API_KEY=openai-api-key -- python agent.py",
                "aegis run -s PGPASSWORD=db-password -- psql -h db.example.org");
        command.SetAction(async (parsed, ct) =>
        {
            var wanted = parsed.GetRequiredValue(secrets).Select(Wanted.Read).ToList();
            var variables = new Dictionary<string, string>(StringComparer.Ordinal);
            using (var client = await sessions.ClientAsync(parsed, ct))
            {
                foreach (var one in wanted)
                    variables[one.Variable] = (await client.Credentials.GetValueAsync(one.Credential, one.Version, ct)).Value;
            }

            foreach (var (variable, value) in variables) Check(sessions.Around, variable, value, isMasked: !parsed.GetValue(open));
            var without = parsed.GetValue(pass) ? [] : OwnVariables.Except(variables.Keys).ToArray();
            return await new Child(sessions.Around).RunAsync(
                parsed.GetRequiredValue(program), variables, without, isMasked: !parsed.GetValue(open));
        });
        return command;
    }

    private static void Check(CommandEnvironment around, string variable, string value, bool isMasked)
    {
        if (value.Contains('\0', StringComparison.Ordinal))
            throw new StoppedException(
                ExitCodes.Usage, $"The value for {variable} contains a NUL character, which an environment variable cannot contain.");
        if (isMasked && value.TrimEnd('\n', '\r').Length < Masker.MinLength)
            around.Error.WriteLine(
                $"! The value for {variable} has fewer than {Masker.MinLength} characters and is not masked in the output.");
    }

    private sealed record Wanted(string Variable, string Credential, int? Version)
    {
        public static Wanted Read(string text)
        {
            if (text.Split('=', 2) is not [{ Length: > 0 } variable, { Length: > 0 } credential]
                || variable.Any(c => !char.IsAsciiLetterOrDigit(c) && c != '_') || char.IsAsciiDigit(variable[0]))
                throw new StoppedException(ExitCodes.Usage, $"'{text}' is not of the form VARIABLE=credential.");
            var at = credential.LastIndexOf('@');
            return at > 0 && int.TryParse(credential[(at + 1)..], out var version)
                ? new Wanted(variable, credential[..at], version)
                : new Wanted(variable, credential, null);
        }
    }
}
