using Aegis.Auth.People.Onboarding;
using System.Text.Json;

namespace Aegis.Auth.People.Mail;

/// <summary>The content of a mail message. It exists in clear only while the message is written and sent.</summary>
/// <param name="To">The recipient's address.</param>
/// <param name="OrganizationName">The organization that it is about.</param>
/// <param name="Url">The link of the claim or invitation; empty for an invitation that was refused.</param>
/// <param name="Until">When the link expires.</param>
/// <param name="Notice">The text of a notice.</param>
internal sealed record MailContent(string To, string OrganizationName, string Url, DateTimeOffset Until, MailNotice? Notice = null)
{
    public override string ToString() => "***";
}

/// <summary>A text about an object of the organization. It must not contain a secret or a patient's data.</summary>
internal sealed record MailNotice(string Subject, string Text);

/// <summary>
/// Writes mail messages to the queue, if this installation sends mail; the caller saves. A message that was not sent yet is replaced.
/// </summary>
internal sealed class MailQueue(AuthDb db, SealedBox box, MailOptions options, TimeProvider clock)
{
    /// <summary>Writes the message of a claim. False when this installation sends no mail.</summary>
    public Task<bool> Write(Application application, Claim claim, string url, CancellationToken ct) => Write(
        claim.Id, () => new MailContent(Applicant.Open(application, box).Email, application.OrganizationName, url, claim.ExpiresAt),
        (id, content, now) => MailMessage.Of(id, claim, content, now), ct);

    /// <summary>
    /// Writes the message of an invitation. The message about a refused invitation has no link. False when this installation sends no mail.
    /// </summary>
    public async Task<bool> Write(User user, Invitation invitation, string url, CancellationToken ct)
    {
        var organization = await db.Organizations.Where(o => o.Id == user.OrganizationId).Select(o => o.Name).SingleAsync(ct);
        return await Write(
            invitation.Id, () => new MailContent(user.Address, organization, user.RefusedEmail is null ? url : "", invitation.ExpiresAt),
            (id, content, now) => MailMessage.Of(id, invitation, content, now), ct);
    }

    /// <summary>Writes a notice about the object at a URL, if this installation sends mail.</summary>
    public void Write(User reader, string organizationName, MailNotice notice, string url)
    {
        if (options.Server is null) return;
        var now = clock.GetUtcNow();
        var id = Ids.New("ltr", now);
        db.MailMessages.Add(MailMessage.Notice(
            id, reader, Seal(new MailContent(reader.Email, organizationName, url, DateTimeOffset.MaxValue, notice), id), now));
    }

    public MailContent Open(MailMessage message) =>
        JsonSerializer.Deserialize<MailContent>(box.Open(message.SealedContent, MailMessage.Subject(message.Id)))!;

    private async Task<bool> Write(
        string subject, Func<MailContent> content, Func<string, byte[], DateTimeOffset, MailMessage> create, CancellationToken ct)
    {
        if (options.Server is null) return false;

        var now = clock.GetUtcNow();
        if (await db.MailMessages.SingleOrDefaultAsync(l => l.SubjectId == subject, ct) is { } unsent)
        {
            unsent.Rewrite(Seal(content(), unsent.Id), now);
        }
        else
        {
            var id = Ids.New("ltr", now);
            db.MailMessages.Add(create(id, Seal(content(), id), now));
        }

        return true;
    }

    private byte[] Seal(MailContent content, string id) => box.Seal(JsonSerializer.SerializeToUtf8Bytes(content), MailMessage.Subject(id));
}
