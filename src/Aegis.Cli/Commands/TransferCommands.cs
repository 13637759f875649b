namespace Aegis.Cli.Commands;

/// <summary><c>aegis transfers</c>.</summary>
internal static class TransferCommands
{
    public static Command Build(Sessions sessions) => new Command("transfers", "Studies received or sent.").Has(
        Show(sessions), Open(sessions), Download(sessions), Acknowledge(sessions), Receipt(sessions), Destroy(sessions),
        Certificate(sessions),
        Simple(sessions, "dispute", "Record that something is wrong.", (t, id, ct) => t.DisputeAsync(id, ct)),
        Simple(sessions, "resolve", "Agree that a dispute is settled.", (t, id, ct) => t.ResolveAsync(id, ct)));

    private static Command Show(Sessions sessions) =>
        Simple(sessions, "show", "Show one transfer with its meter.", (t, id, ct) => t.GetAsync(id, ct));

    private static Command Open(Sessions sessions)
    {
        var id = Building.Id("id", "trf_…");
        return new Command("open",
            "Print an address of the content, valid for five minutes. Anyone who has it can read the study.").Takes(id)
            .WithExamples("curl -o study.zip \"$(aegis transfers open trf_… -o json | jq -r .url)\"")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                sessions.Printer(parsed).Show(await client.Transfers.OpenAsync(parsed.GetRequiredValue(id), ct));
            });
    }

    private static Command Download(Sessions sessions)
    {
        var id = Building.Id("id", "trf_…");
        var file = new Option<string?>("--file", "-f") { Description = "The file to write; default <id>.zip." };
        var acknowledge = new Option<bool>("--acknowledge") { Description = "Acknowledge the study, with a receipt of the file." };
        return new Command("download",
            "Save a study. A broken download resumes where it stopped. Length and digest are checked.").Takes(id, file, acknowledge)
            .WithExamples("aegis transfers download trf_… --file study.zip --acknowledge")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var transfer = parsed.GetRequiredValue(id);
                var target = parsed.GetValue(file) ?? $"{FileName(transfer)}.zip";
                var saved = await SaveAsync(sessions.Around, client.Transfers, transfer, target, ct);
                if (parsed.GetValue(acknowledge)) await client.Transfers.AcknowledgeAsync(transfer, saved.Receipt, ct);
                var printer = sessions.Printer(parsed);
                if (printer.IsTable)
                    printer.Say(
                        $"✓ Downloaded. {target} ({saved.Receipt.Instances} instances, {saved.Receipt.Bytes} bytes, sha256 "
                            + $"{saved.Receipt.Sha256}){(parsed.GetValue(acknowledge) ? ", acknowledged" : "")}");
                else printer.Show(new Saved(saved.File, saved.Receipt.Instances, saved.Receipt.Bytes, saved.Receipt.Sha256, saved.ResumedAt,
                    parsed.GetValue(acknowledge)));
            });
    }

    private static async Task<DownloadedStudy> SaveAsync(
        CommandEnvironment around, TransfersApi transfers, string transfer, string target, CancellationToken ct)
    {
        try
        {
            return await around.WithProgress("Downloading", progress => transfers.DownloadAsync(transfer, target, progress, ct));
        }
        catch (Exception broken) when (broken is OperationCanceledException or AegisUnreachableException)
        {
            around.Error.WriteLine("! The partial download is kept. Run the same command again to resume it.");
            throw;
        }
    }

    /// <summary>Makes a file name of an id, so that the id cannot lead to another folder.</summary>
    private static string FileName(string id) => string.Concat(id.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '_'));

    private static Command Acknowledge(Sessions sessions)
    {
        var id = Building.Id("id", "trf_…");
        var file = new Option<string>(
            "--file", "-f")
        { Description = "The saved archive; the receipt is computed from it.", Required = true };
        return new Command("acknowledge", "Acknowledge what was received. A receipt is final.").Takes(id, file).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var receipt = await Aegis.Sdk.Studies.Receipt.OfAsync(parsed.GetRequiredValue(file), ct);
            sessions.Printer(parsed).Show(await client.Transfers.AcknowledgeAsync(parsed.GetRequiredValue(id), receipt, ct));
        });
    }

    private static Command Destroy(Sessions sessions)
    {
        var id = Building.Id("id", "trf_…");
        var yes = new Option<bool>("--yes", "-y") { Description = "Do not ask." };
        return new Command("destroy", "Destroy a study for both parties, irreversibly.").Takes(id, yes)
            .WithExamples("aegis transfers destroy trf_… --yes && aegis transfers certificate trf_…")
            .Does(async (parsed, ct) =>
            {
                var transfer = parsed.GetRequiredValue(id);
                if (!parsed.GetValue(yes)) await ConfirmAsync(sessions.Around, transfer, ct);
                using var client = await sessions.ClientAsync(parsed, ct);
                var ended = await client.Transfers.DestroyAsync(transfer, ct);
                var printer = sessions.Printer(parsed);
                if (printer.IsTable)
                    printer.Say(
                        $"✓ {(ended.Status == "destroyed" ? "Destroyed" : "Being destroyed; it can no longer be opened")}. {ended.Id}");
                else printer.Show(ended);
            });
    }

    private static async Task ConfirmAsync(CommandEnvironment around, string transfer, CancellationToken ct)
    {
        if (!around.IsTyped) throw new StoppedException(ExitCodes.Usage, "Without a terminal, destroying needs --yes.");
        around.Error.Write($"? Destroy {transfer} for both parties? This cannot be undone. [y/N] ");
        if ((await around.ReadLineAsync(ct))?.Trim() is not ("y" or "Y" or "yes"))
            throw new StoppedException(ExitCodes.Interrupted, "Nothing was destroyed.");
    }

    private static Command Certificate(Sessions sessions) => Evidence(
        sessions, "certificate", "Show the certificate of a destruction.", (t, id, ct) => t.GetCertificateAsync(id, ct), c => c.Note);

    private static Command Receipt(Sessions sessions) => Evidence(
        sessions, "receipt", "Show the consumer's receipt.", (t, id, ct) => t.GetReceiptAsync(id, ct), r => r.Note);

    private static Command Evidence<T>(
        Sessions sessions, string verb, string description, Func<TransfersApi, string, CancellationToken, Task<T>> read,
        Func<T, string?> note)
    {
        var id = Building.Id("id", "trf_…");
        var asNote = new Option<bool>("--note") { Description = "Only the signed note, byte for byte, to check it without Aegis." };
        return new Command(verb, description).Takes(id, asNote)
            .WithExamples($"aegis transfers {verb} trf_… -o json", $"aegis transfers {verb} trf_… --note > {verb}.note")
            .Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var found = await read(client.Transfers, parsed.GetRequiredValue(id), ct);
            if (!parsed.GetValue(asNote)) sessions.Printer(parsed).Show(found);
            else sessions.Around.Out.Write(note(found)
                ?? throw new StoppedException(ExitCodes.Conflict, "It is not signed yet. Try again in a moment."));
        });
    }

    private static Command Simple(
        Sessions sessions, string name, string description, Func<TransfersApi, string, CancellationToken, Task<Transfer>> act)
    {
        var id = Building.Id("id", "trf_…");
        return new Command(name, description).Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Transfers, parsed.GetRequiredValue(id), ct));
        });
    }

    private sealed record Saved(string File, int Instances, long Bytes, string Sha256, long ResumedAt, bool Acknowledged);
}
