namespace Aegis.Auth.People.Invitations;

/// <summary>
/// Saves invitations with the letters that bring them. Where mail is sent, the letter alone holds the address: an admin who could accept an
/// invitation itself would learn at the sign-in whether the e-mail address has an account in another organization, and could become any
/// user of its organization.
/// </summary>
internal sealed class InvitationMail(AuthDb db, MailQueue mail, MailSender sender, IPublicUrl publicUrl)
{
    public async Task<InvitedResponse> Save(User user, Invitation invitation, string token, CancellationToken ct)
    {
        var url = $"{publicUrl.Value}/invitation/{token}";
        var mailed = await mail.Write(user, invitation, url, ct);
        await db.SaveChangesAsync(ct);
        if (mailed) sender.Hurry();
        return new InvitedResponse(user.Id, user.Address, user.Name, user.Role, mailed ? null : url, invitation.ExpiresAt, mailed);
    }
}
