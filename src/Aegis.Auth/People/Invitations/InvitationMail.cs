namespace Aegis.Auth.People.Invitations;

/// <summary>
/// Saves an invitation together with its mail message; <see cref="MailText"/> has the words. When this installation sends mail, only the
/// message contains the link. The admin does not see it, for two reasons. An admin who could accept an invitation would learn at the
/// sign-in whether the e-mail address has an account in another organization. And the admin could sign in as any user of the organization.
/// </summary>
internal sealed class InvitationMail(AuthDb db, MailQueue mail, MailSender sender, IPublicUrl publicUrl)
{
    public async Task<InvitedResponse> Save(User user, Invitation invitation, string token, CancellationToken ct)
    {
        var url = $"{publicUrl.Value}/invitation/{token}";
        var mailed = await mail.Write(user, invitation, url, ct);
        await db.SaveChangesAsync(ct);
        if (mailed) sender.Hurry();
        return new InvitedResponse(
            user.Id, user.Address, user.Name, user.Role, mailed ? null : url, invitation.ExpiresAt, mailed);
    }
}
