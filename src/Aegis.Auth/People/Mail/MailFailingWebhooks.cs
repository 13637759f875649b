using Aegis.Contracts.Webhooks;
using Aegis.Kernel.Events;

namespace Aegis.Auth.People.Mail;

/// <summary>
/// Sends mail to the admins of an organization when one of its webhooks fails for days or is disabled because of that. An organization
/// without another webhook, which does not read its events, would not notice it otherwise.
/// </summary>
internal sealed class MailFailingWebhooks(AuthDb db, MailQueue mail, MailSender sender, IPublicUrl publicUrl)
    : IHandle<WebhookFailing>, IHandle<WebhookDisabled>
{
    public const string Name = "TellOfWebhooks"; // receipts are stored under this name

    private const int MaxRecipients = 10; // for each event

    public Task Handle(WebhookFailing happened, CancellationToken ct) => Tell(
        happened, "One of your webhooks is failing", $"""
        It has failed for {happened.Days} {(happened.Days == 1 ? "day" : "days")}, the last time with '{happened.Code}'.
        After five days without any success it is disabled.

        The attempts and their errors are listed at that address under /deliveries. Aegis retries automatically.
        To send deliveries again that Aegis gave up, send a POST to /replay with the body
        """ + """ {"status":"failed"}.""", ct);

    public Task Handle(
        WebhookDisabled happened, CancellationToken ct) => happened.Reason == WebhookDisabled.Manual ? Task.CompletedTask : Tell(
        happened, "One of your webhooks was disabled",
        (happened.Reason == WebhookDisabled.Gone
            ? "Its receiver answered 410, which means that it wants no more events."
            : "All its deliveries failed for five days.") + """
         Nothing is sent to it any more, and new events are not queued for it.

        When the receiver works again, send a PATCH with the body {"enabled":true}.
        To send the events of the time between, send a POST to /replay with the time from which they are sent: {"from":"…"}.
        """, ct);

    private async Task Tell(IEvent happened, string subject, string text, CancellationToken ct)
    {
        var organizations = await db.Organizations.AsNoTracking().Where(o => happened.Organizations.Contains(o.Id))
            .ToDictionaryAsync(o => o.Id, o => o.Name, ct);
        var admins = await db.Users.AsNoTracking()
            .Where(u => happened.Organizations.Contains(u.OrganizationId) && u.Role == Roles.Admin && u.DisabledAt == null
                && u.RefusedEmail == null)
            .OrderBy(u => u.Id).Take(MaxRecipients).ToListAsync(ct);
        foreach (var admin in admins)
            mail.Write(admin, organizations[admin.OrganizationId], new MailNotice(subject, text),
                $"{publicUrl.Value}/v1/webhooks/{happened.ObjectId}");
        db.SavedChanges += (_, _) => sender.Hurry();
    }
}
