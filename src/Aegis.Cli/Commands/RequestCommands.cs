using Aegis.Sdk.Studies.Content;

namespace Aegis.Cli.Commands;

/// <summary><c>aegis requests</c>.</summary>
internal static class RequestCommands
{
    public static Command Build(Sessions sessions) => new Command("requests", "Requests for studies, sent and received.")
        .Has(List(sessions), Show(sessions), Create(sessions), Fulfill(sessions), Decline(sessions),
            Simple(sessions, "accept", "Accept a request; the study follows.", (r, id, ct) => r.AcceptAsync(id, cancellationToken: ct)),
            Simple(sessions, "cancel", "Cancel a request.", (r, id, ct) => r.CancelAsync(id, cancellationToken: ct)));

    private static Command List(Sessions sessions)
    {
        var status = Building.Text("--status", "pending, accepted, fulfilling, fulfilled, declined, cancelled or expired.");
        return new Command("list", "List requests, newest first.") { Aliases = { "ls" } }.Takes(status, Building.Limit)
            .WithExamples("aegis requests list --status pending", "aegis requests list -o json | jq -r '.[].id'")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var found = await sessions.ShownAsync(parsed, client.Requests.ListAsync(parsed.GetValue(status), ct), ct);
                sessions.Printer(parsed).ShowAll(found, "id", "status", "providerId", "consumerId", "transferId", "createdAt");
            });
    }

    private static Command Show(Sessions sessions)
    {
        var id = Building.Id("id", "req_…");
        return new Command("show", "Show one request, with its patient.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await client.Requests.GetAsync(parsed.GetRequiredValue(id), ct));
        });
    }

    private static Command Create(Sessions sessions)
    {
        var provider = new Option<string>("--provider") { Description = "The provider: prov_…", Required = true };
        var last = new Option<string>("--last-name") { Description = "The patient's family name.", Required = true };
        var first = new Option<string>("--first-name") { Description = "The patient's given name.", Required = true };
        var born = new Option<string>("--dob") { Description = "Date of birth: YYYY-MM-DD or MM/DD/YYYY.", Required = true };
        var reason = new Option<string>("--reason") { Description = "The reason for the request.", Required = true };
        var (modality, accession) = (Building.Text("--modality", "Such as CT."), Building.Text("--accession", "Accession number."));
        var purpose = Building.Text("--purpose",
            "treatment, payment, operations, quality, research, public_health, patient_request, legal, training or ai_review.");
        var hours = new Option<int?>("--hours") { Description = "How long the study may be viewed: 1 to 720, default 72." };
        var views = new Option<int?>("--max-views") { Description = "Maximum number of views." };
        return new Command("create", "Ask a provider for one patient's study.").Takes(
            provider, last, first, born, reason, modality, accession, purpose, hours, views)
            .WithExamples(
                "aegis requests create --provider prov_123 --last-name Doe --first-name Jane --dob 1971-03-05 --reason \"Second opinion\"")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var patient = new Patient(parsed.GetRequiredValue(last), parsed.GetRequiredValue(first), parsed.GetRequiredValue(born));
                var study = new StudyDescription { Modality = parsed.GetValue(modality), AccessionNumber = parsed.GetValue(accession) };
                var asked = await client.Requests.CreateAsync(
                    new AskForStudy(parsed.GetRequiredValue(provider), patient, parsed.GetRequiredValue(reason))
                    {
                        Study = study is { Modality: null, AccessionNumber: null } ? null : study,
                        PurposeOfUse = parsed.GetValue(purpose),
                        Window = parsed.GetValue(hours) is null && parsed.GetValue(views) is null
                            ? null
                            : new AskedWindow(parsed.GetValue(hours), parsed.GetValue(views)),
                    },
                    cancellationToken: ct);
                sessions.Printer(parsed).Show(asked);
            });
    }

    private static Command Fulfill(Sessions sessions)
    {
        var id = Building.Id("id", "req_…");
        var path = Building.Id("path", "A folder of instances, a .zip of them, or one instance. Files that are not DICOM are skipped.");
        var confirm = new Option<string[]>("--confirm") { Description = "A finding that you have checked, as CODE:ID; may be repeated." };
        var strict = new Option<bool>("--strict") { Description = "Refuse a study that contains files that are not DICOM." };
        return new Command("fulfill", "Answer a request with a study.").Takes(id, path, confirm, strict)
            .WithExamples("aegis requests fulfill req_… ./study", "aegis requests fulfill req_… study.zip")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var (request, from) = (parsed.GetRequiredValue(id), parsed.GetRequiredValue(path));
                if (!Path.Exists(from)) throw new StoppedException(ExitCodes.Usage, $"There is no file or folder '{from}'.");
                var files = Directory.Exists(from) ? StudyFile.InFolder(from) : [StudyFile.At(from)];
                if (files.All(f => f.Length == 0)) throw new StoppedException(ExitCodes.Usage, $"There is nothing to send in '{from}'.");
                var sent = await sessions.Around.WithProgress("Uploading", progress =>
                {
                    var options = new FulfillOptions
                    {
                        Confirm = parsed.GetValue(confirm) ?? [],
                        Strict = parsed.GetValue(strict),
                        Progress = progress,
                    };
                    return Directory.Exists(from)
                        ? client.Requests.FulfillAsync(request, files, options, ct)
                        : client.Requests.FulfillFromFileAsync(request, files[0], TypeOf(from), options, ct);
                });
                sessions.Printer(parsed).Show(sent);
            });
    }

    private static string TypeOf(string file) =>
        Path.GetExtension(file).Equals(".zip", StringComparison.OrdinalIgnoreCase) ? "application/zip" : "application/dicom";

    private static Command Decline(Sessions sessions)
    {
        var id = Building.Id("id", "req_…");
        var reason = new Option<string>(
            "--reason")
        { Description = "no_match, ambiguous_match, no_consent, not_partner or other.", Required = true };
        var note = Building.Text("--note", "An explanation.");
        return new Command("decline", "Decline a request.").Takes(id, reason, note).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed)
                .Show(await client.Requests
                    .DeclineAsync(parsed.GetRequiredValue(id), parsed.GetRequiredValue(reason), parsed.GetValue(note),
                        cancellationToken: ct));
        });
    }

    private static Command Simple(
        Sessions sessions, string name, string description, Func<RequestsApi, string, CancellationToken, Task<StudyRequest>> act)
    {
        var id = Building.Id("id", "req_…");
        return new Command(name, description).Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Requests, parsed.GetRequiredValue(id), ct));
        });
    }
}
