using Aegis.Auth.People.Onboarding;
using System.Text.Json;

namespace Aegis.Auth.People.Mail;

/// <summary>What a letter says. It exists in clear only while it is written and sent.</summary>
/// <param name="To">Whom it goes to.</param>
/// <param name="OrganizationName">Which organization it is about.</param>
/// <param name="Url">The address of the claim or invitation; empty for an invitation that was refused.</param>
/// <param name="Until">Until when it works.</param>
/// <param name="Notice">What a notice says.</param>
internal sealed record MailContent(string To, string OrganizationName, string Url, DateTimeOffset Until, MailNotice? Notice = null)
{
    public override string ToString() => "***";
}

/// <summary>Words about an object of the organization; nothing that is secret, or of a patient.</summary>
internal sealed record MailNotice(string Subject, string Text);

/// <summary>
/// Writes letters, where the installation sends mail at all; the caller saves. One that was not sent yet is written anew.
/// </summary>
internal sealed class MailQueue(AuthDb db, SealedBox box, MailOptions options, TimeProvider clock)
{
    /// <summary>Writes the letter of a claim. False where no mail is sent.</summary>
    public Task<bool> Write(Application application, Claim claim, string url, CancellationToken ct) => Write(
        claim.Id, () => new MailContent(Applicant.Open(application, box).Email, application.OrganizationName, url, claim.ExpiresAt),
        (id, content, now) => MailMessage.Of(id, claim, content, now), ct);

    /// <summary>
    /// Writes the letter of an invitation; of one that was refused it says so, without an address. False where no mail is sent.
    /// </summary>
    public async Task<bool> Write(User user, Invitation invitation, string url, CancellationToken ct)
    {
        var organization = await db.Organizations.Where(o => o.Id == user.OrganizationId).Select(o => o.Name).SingleAsync(ct);
        return await Write(
            invitation.Id, () => new MailContent(user.Address, organization, user.RefusedEmail is null ? url : "", invitation.ExpiresAt),
            (id, content, now) => MailMessage.Of(id, invitation, content, now), ct);
    }

    /// <summary>Writes a notice about the object at an address, where mail is sent.</summary>
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
        string subject, Func<MailContent> say, Func<string, byte[], DateTimeOffset, MailMessage> letterOf, CancellationToken ct)
    {
        if (options.Server is null) return false;

        var now = clock.GetUtcNow();
        if (await db.MailMessages.SingleOrDefaultAsync(l => l.SubjectId == subject, ct) is { } unsent)
        {
            unsent.Rewrite(Seal(say(), unsent.Id), now);
        }
        else
        {
            var id = Ids.New("ltr", now);
            db.MailMessages.Add(letterOf(id, Seal(say(), id), now));
        }

        return true;
    }

    private byte[] Seal(MailContent content, string id) => box.Seal(JsonSerializer.SerializeToUtf8Bytes(content), MailMessage.Subject(id));
}
