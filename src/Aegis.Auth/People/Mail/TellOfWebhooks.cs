using Aegis.Contracts.Webhooks;
using Aegis.Kernel.Events;

namespace Aegis.Auth.People.Mail;

/// <summary>
/// Writes to the admins of an organization when a webhook of it fails for days or is disabled for it: who has no other webhook, and asks
/// for no events, would not hear of it.
/// </summary>
internal sealed class TellOfWebhooks(AuthDb db, MailQueue mail, MailSender sender, IPublicUrl publicUrl)
    : IHandle<WebhookFailing>, IHandle<WebhookDisabled>
{
    public const string Name = "TellOfWebhooks"; // receipts are stored under it

    private const int MaxNames = 10; // letters for each event

    public Task Handle(WebhookFailing happened, CancellationToken ct) => Tell(
        happened, "A webhook of yours fails", $"""
        It has failed for {happened.Days} {(happened.Days == 1 ? "day" : "days")}, the last time with '{happened.Code}'. After five days of nothing but failure it is disabled.

        What was tried, and how it failed, is listed there under /deliveries. It is tried again by itself; what was given up is sent again by a POST to /replay with the body
        """ + """ {"status":"failed"}.""", ct);

    public Task Handle(
        WebhookDisabled happened, CancellationToken ct) => happened.Reason == WebhookDisabled.Manual ? Task.CompletedTask : Tell(
        happened, "A webhook of yours was disabled",
        (happened.Reason == WebhookDisabled.Gone
            ? "Its receiver answered 410, which means that it wants nothing more."
            : "There was nothing but failure for five days.") + """
         Nothing is sent to it, and what happens from now on is not queued for it.

        When the receiver works again, send a PATCH with the body {"enabled":true}; what happened meanwhile is sent by a POST to /replay with the time from which on: {"from":"…"}.
        """, ct);

    private async Task Tell(IEvent happened, string subject, string text, CancellationToken ct)
    {
        var organizations = await db.Organizations.AsNoTracking().Where(o => happened.Organizations.Contains(o.Id))
            .ToDictionaryAsync(o => o.Id, o => o.Name, ct);
        var admins = await db.Users.AsNoTracking()
            .Where(u => happened.Organizations.Contains(u.OrganizationId) && u.Role == Roles.Admin && u.DisabledAt == null
                && u.RefusedEmail == null)
            .OrderBy(u => u.Id).Take(MaxNames).ToListAsync(ct);
        foreach (var admin in admins)
            mail.Write(admin, organizations[admin.OrganizationId], new MailNotice(subject, text),
                $"{publicUrl.Value}/v1/webhooks/{happened.ObjectId}");
        db.SavedChanges += (_, _) => sender.Hurry();
    }
}
