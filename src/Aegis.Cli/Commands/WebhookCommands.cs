using Aegis.Sdk.Webhooks;

namespace Aegis.Cli.Commands;

/// <summary><c>aegis webhooks</c>.</summary>
internal static class WebhookCommands
{
    public static Command Build(Sessions sessions) => new Command("webhooks", "Webhook endpoints: addresses that events are sent to.").Has(
        List(sessions), Create(sessions), Deliveries(sessions), RotateSecret(sessions), Remove(sessions), Listen(sessions),
        EventTypes(sessions),
        ForOne(sessions, "show", "Show one endpoint with its state.", (w, id, ct) => w.GetAsync(id, ct)),
        ForOne(sessions, "test", "Send a test event.", (w, id, ct) => w.TestAsync(id, ct)),
        ForOne(sessions, "enable", "Send a ping, and enable the endpoint when it is answered.",
            (w, id, ct) => w.UpdateAsync(id, new WebhookChanges { Enabled = true }, cancellationToken: ct)),
        ForOne(sessions, "disable", "Stop sending events to an endpoint.",
            (w, id, ct) => w.UpdateAsync(id, new WebhookChanges { Enabled = false }, cancellationToken: ct)),
        ForOne(sessions, "replay", "Send a delivery (dlv_…) again.", (w, id, ct) => w.ReplayDeliveryAsync(id, ct)));

    private static Command List(Sessions sessions) =>
        new Command("list", "List endpoints, newest first.") { Aliases = { "ls" } }.Takes(Building.Limit).Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var found = await sessions.ShownAsync(parsed, client.Webhooks.ListAsync(ct), ct);
        sessions.Printer(parsed).ShowAll(found, "id", "url", "events", "status", "lastSuccessAt", "lastError");
    });

    private static Command Create(Sessions sessions)
    {
        var (url, description) = (Building.Id("url", "The address to send events to."), Building.Text("--description", "A description."));
        var events =
            new Option<string[]>("--event") { Description = "A name or pattern such as transfer.*; may be repeated.", Required = true };
        return new Command("create", "Register an endpoint. Its secret is shown once.").Takes(url, events, description)
            .WithExamples("aegis webhooks create https://example.org/hooks --event 'transfer.*' --event credential.expiring")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                var webhook = new CreateWebhook(
                    parsed.GetRequiredValue(url), parsed.GetRequiredValue(events))
                { Description = parsed.GetValue(description) };
                sessions.Printer(parsed).Show(await client.Webhooks.CreateAsync(webhook, cancellationToken: ct));
                sessions.Around.Error.WriteLine("! Copy the secret now: it is not shown again.");
            });
    }

    private static Command Deliveries(Sessions sessions)
    {
        var (id, status) = (Building.Id("id", "whk_…"), Building.Text("--status", "waiting, delivered or failed."));
        return new Command("deliveries", "List deliveries, newest first.").Takes(id, status, Building.Limit).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            var found = await sessions.ShownAsync(
                parsed, client.Webhooks.ListDeliveriesAsync(parsed.GetRequiredValue(id), parsed.GetValue(status), ct), ct);
            sessions.Printer(parsed).ShowAll(found, "id", "type", "status", "attempts", "lastStatus", "lastError", "createdAt");
        });
    }

    private static Command RotateSecret(Sessions sessions)
    {
        var (id, overlap) = (Building.Id("id", "whk_…"),
            new Option<int?>("--overlap-hours") { Description = "How long the old secret also signs: default 24, 0 after a leak." });
        return new Command("rotate-secret", "Create a new secret. It is shown once.").Takes(id, overlap).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed)
                .Show(await client.Webhooks
                    .RotateSecretAsync(parsed.GetRequiredValue(id), parsed.GetValue(overlap), cancellationToken: ct));
            sessions.Around.Error.WriteLine("! Copy the secret now: it is not shown again.");
        });
    }

    private static Command Remove(Sessions sessions)
    {
        var id = Building.Id("id", "whk_…");
        return new Command("remove", "Remove an endpoint. Events not delivered yet are not sent.").Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            await client.Webhooks.RemoveAsync(parsed.GetRequiredValue(id), cancellationToken: ct);
            sessions.Printer(parsed).Say($"✓ Removed. {parsed.GetRequiredValue(id)}");
        });
    }

    private static Command EventTypes(Sessions sessions) =>
        new Command("event-types", "List all event types.").Does(async (parsed, ct) =>
    {
        using var client = await sessions.ClientAsync(parsed, ct);
        var catalogue = await client.Webhooks.GetEventTypesAsync(ct);
        var printer = sessions.Printer(parsed);
        if (printer.IsTable) printer.ShowAll(catalogue.Items, "type", "requiredPermission", "description");
        else printer.Show(catalogue);
    });

    private static Command Listen(Sessions sessions)
    {
        var forward = Building.Text("--forward-to", "Post each event to this address, signed like a webhook.");
        var events = new Option<string[]>("--event") { Description = "Only this event name or pattern; may be repeated." };
        var cursor = Building.Text("--cursor", "Continue where an earlier run stopped; default: only new events.");
        return new Command("listen", "Show events as they happen, and forward them to a program under development.").Takes(
            forward, events, cursor)
            .WithExamples("aegis webhooks listen --forward-to localhost:3000/hooks", "aegis webhooks listen --event 'transfer.*' -o json")
            .Does(async (parsed, ct) =>
            {
                using var client = await sessions.ClientAsync(parsed, ct);
                await new Listener(sessions.Around, client, sessions.Printer(parsed)).RunAsync(
                    parsed.GetValue(forward), parsed.GetValue(events) ?? [], parsed.GetValue(cursor), ct);
            });
    }

    private static Command ForOne<T>(
        Sessions sessions, string verb, string description, Func<WebhooksApi, string, CancellationToken, Task<T>> act)
    {
        var id = Building.Id("id", "whk_…");
        return new Command(verb, description).Takes(id).Does(async (parsed, ct) =>
        {
            using var client = await sessions.ClientAsync(parsed, ct);
            sessions.Printer(parsed).Show(await act(client.Webhooks, parsed.GetRequiredValue(id), ct));
        });
    }
}
