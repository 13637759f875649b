using Aegis.Auth.Access.Permissions;
using Aegis.Auth.People.Mail;
using Aegis.Contracts.Identity;
using Aegis.Contracts.Studies;
using Aegis.Contracts.Vault;
using Aegis.Contracts.Webhooks;
using Aegis.Auth.Protection;
using Aegis.Kernel.Web.Callers;
using Aegis.Kernel.Events;
using Aegis.Kernel.Identifiers;
using Aegis.Studies.Destruction;
using Aegis.Studies.Persistence;
using Aegis.Studies.Requests;
using Aegis.Studies.Serving;
using Aegis.Studies.Transfers;
using Aegis.Studies.Windows;
using Aegis.Vault.Copying;
using Aegis.Vault.Persistence;
using Aegis.Webhooks.Events;
using Aegis.Webhooks.Persistence;

namespace Aegis.Tests.Mechanisms;

/// <summary>The effect of one handler for one event.</summary>
/// <param name="Trigger">Raises the event.</param>
/// <param name="Expected">Its whole effect.</param>
/// <param name="Effect">Reads the present effect.</param>
internal sealed record HandlerScenario(Func<Task> Trigger, string Expected, Func<Task<string>> Effect);

/// <summary>One scenario per registered handler, each with its own objects.</summary>
internal static class HandlerScenarios
{
    private const int MoreThanABatch = 201; // RevokeTickets handles 200 at once

    public static readonly IReadOnlyDictionary<string, Func<AegisApp, Task<HandlerScenario>>> All =
        new Dictionary<string, Func<AegisApp, Task<HandlerScenario>>>(StringComparer.Ordinal)
        {
            [FollowPartnership.Name] = SuspendedPartnership,
            [RevokeTickets.Name] = RevokedKey,
            [FinishSoon.Name] = BegunDestruction,
            [FollowTransfer.Name] = DestroyedTransfer,
            [Publish.Name] = PublishedEvent,
            [MailFailingWebhooks.Name] = DisabledWebhook,
            [AskForCopy.Name] = ChangedValue,
        };

    private static async Task<HandlerScenario> SuspendedPartnership(AegisApp app)
    {
        // the partnership no longer exists
        var (consumer, provider) = (Ids.New("cons", app.Clock.GetUtcNow()), Ids.New("prov", app.Clock.GetUtcNow()));
        var transfers = new List<DeliveredTransfer>();
        for (var i = 0; i < 3; i++) transfers.Add(await app.Deliver(instances: 1, size: 100, consumer: consumer, provider: provider));
        return new HandlerScenario(
            () => app.Raise(new PartnershipSuspended("part_1", consumer, provider, [consumer, provider])),
            "Suspended 1, Suspended 1, Suspended 1",
            async () => string.Join(", ", await Task.WhenAll(transfers.Select(async t =>
            {
                var status = await app.InStudies(db => db.Transfers.Where(x => x.Id == t.Id).Select(x => x.Status).SingleAsync());
                return $"{status} {await app.CountEvents("transfer.suspended", t.Id)}";
            }))));
    }

    private static async Task<HandlerScenario> RevokedKey(AegisApp app)
    {
        var (key, transfer) = (Ids.New("key", app.Clock.GetUtcNow()), await app.Deliver(instances: 1, size: 100));
        var caller = new Caller("cons_456", key, "A key", key, UserId: null, Role: null, new HashSet<string>(), Partners: null,
            ExpiresAt: null);
        await app.Use<StudiesDb>(async db =>
        {
            for (var i = 0; i < MoreThanABatch; i++) db.Tickets.Add(ContentTicket.Issue(transfer.Id, caller, app.Clock.GetUtcNow()).Ticket);
            await db.SaveChangesAsync();
        });
        return new HandlerScenario(
            () => app.Raise(new KeyRevoked(key, "cons_456", ["cons_456"])),
            $"{MoreThanABatch}",
            async () => $"{await app.InStudies(db => db.Tickets.CountAsync(t => t.CredentialId == key && t.RevokedAt != null))}");
    }

    private static async Task<HandlerScenario> BegunDestruction(AegisApp app)
    {
        var transfer = await app.Deliver(instances: 1, size: 100);
        return new HandlerScenario(
            () => app.As("consumer").Post($"{transfer.Path}/destroy"),
            "destroyed 1",
            async () => $"{(await transfer.Read())["status"]} {await app.CountEvents("transfer.destroyed", transfer.Id)}");
    }

    private static async Task<HandlerScenario> DestroyedTransfer(AegisApp app)
    {
        var (request, transfer) = (await app.AskForJaneDoe(), Ids.New("trf", app.Clock.GetUtcNow()));
        await app.Use<StudiesDb>(async db =>
        {
            var (row, now) = (await db.Requests.SingleAsync(r => r.Id == request), app.Clock.GetUtcNow());
            row.BeginFulfilment("a", TimeSpan.FromSeconds(15), now);
            row.Fulfill("a", Ingested.Study(transfer), now);
            await db.SaveChangesAsync();
        });
        return new HandlerScenario(
            () => app.Raise(new TransferDestroyed(transfer, request, "cons_456", "prov_123", "manual", "consumer",
                ["cons_456", "prov_123"])),
            "to be shredded",
            async () => await app.InStudies(db => db.Requests.AnyAsync(r => r.Id == request && r.ShredAt != null))
                ? "to be shredded" : "kept");
    }

    private static async Task<HandlerScenario> PublishedEvent(AegisApp app)
    {
        var (organization, admin) = await NewOrganization(app);
        var transfer = Ids.New("trf", app.Clock.GetUtcNow());
        (await admin.Post("/v1/webhooks", new { url = "http://127.0.0.1:9/", events = (string[])["transfer.*"] }))
            .ShouldBe(System.Net.HttpStatusCode.Created);
        return new HandlerScenario(
            () => app.Raise(new TransferDelivered(transfer, "req_1", organization, "prov_123", [organization])),
            "event 1 of 1, delivery 1",
            () => app.Use<WebhooksDb, string>(async db =>
            {
                var events = await db.Events.Where(e => e.OrganizationId == organization && e.Type == "transfer.delivered")
                    .Select(e => e.EventId).ToListAsync();
                var count = await db.ObjectCounts.Where(c => c.OrganizationId == organization && c.ObjectId == transfer).Select(c => c.Last)
                    .SingleOrDefaultAsync();
                return $"event {events.Count} of {count}, delivery {await db.Deliveries.CountAsync(d => events.Contains(d.EventId))}";
            }));
    }

    private static async Task<HandlerScenario> DisabledWebhook(AegisApp app)
    {
        var (organization, _) = await NewOrganization(app);
        var before = await MailCount(app);
        return new HandlerScenario(
            () => app.Raise(new WebhookDisabled(Ids.New("whk", app.Clock.GetUtcNow()), WebhookDisabled.Gone, [organization])),
            "1 message",
            async () => $"{await MailCount(app) - before} message");
    }

    private static async Task<HandlerScenario> ChangedValue(AegisApp app)
    {
        var credential = Ids.New("cred", app.Clock.GetUtcNow());
        await app.Use<VaultDb>(async db =>
        {
            db.KeptCopies.Add(KeptCopy.Begin(Ids.New("cpy", app.Clock.GetUtcNow()), "cons_456", credential));
            await db.SaveChangesAsync();
        });
        return new HandlerScenario(
            () => app.Raise(new CredentialValueSet(credential, "a-credential", 2, ["cons_456"])),
            "requested",
            async () => await app.Use<VaultDb, bool>(db =>
                db.KeptCopies.AnyAsync(c => c.CredentialId == credential && (c.DueAt != null || c.ErrorCode != null)))
                ? "requested" : "idle");
    }

    private static Task<int> MailCount(AegisApp app) => app.Use<AuthDb, int>(db => db.MailMessages.CountAsync());

    private static async Task<(string Id, ApiClient Admin)> NewOrganization(AegisApp app)
    {
        var (id, auth) = (Ids.New("cons", app.Clock.GetUtcNow()), AuthApp.On(app));
        await app.Use<AuthDb>(async db =>
        {
            db.Add(Aegis.Auth.Tenancy.Organizations.Organization.Create(id, "Handler test", isProvider: false, isConsumer: true,
                app.Clock.GetUtcNow()));
            await db.SaveChangesAsync();
        });
        return (id, auth.With(await auth.Key(id, ScopeCatalogue.All.ToArray(), Roles.Admin)));
    }

    /// <summary>Raises an event as a module does: it is stored by a commit and handled by the relay.</summary>
    private static Task Raise(this AegisApp app, IEvent happened) => app.Use<KernelDb>(async db =>
    {
        var now = app.Clock.GetUtcNow();
        db.Outbox.Add(new OutboxRow
        {
            Id = Ids.New("evt", now),
            Name = app.Services.GetRequiredService<EventCatalog>().NameOf(happened.GetType()),
            ObjectId = happened.ObjectId,
            Body = EventCatalog.Write(happened),
            OccurredAt = now,
            DueAt = now,
        });
        await db.SaveChangesAsync();
    });
}
